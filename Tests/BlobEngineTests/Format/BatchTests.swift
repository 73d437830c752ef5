import BlobEngine
import Bytes
import Codec
import Testing

@Suite("Batch")
struct BatchTests {
  private let segment = FormatExamples.segment
  private let checksum = FormatExamples.checksum

  private func head(
    _ bytes: [UInt8],
    at position: Int = 0,
    in segment: SegmentIdentity? = nil,
    offset: UInt64
  ) -> Result<BatchHead, FormatError> {
    Result { () throws(FormatError) in
      try BatchHead(
        decoding: bytes.span,
        at: position,
        in: segment ?? self.segment,
        at: offset
      )
    }
  }

  private func damage<Value>(_ result: Result<Value, FormatError>) -> Damage? {
    guard case .failure(let error) = result else { return nil }
    return error.damage
  }

  private func batch(
    _ number: UInt32,
    previous: UInt64,
    sequence: UInt64,
    at offset: UInt64
  )
    -> SealedBatch
  {
    var builder = BatchBuilder()
    builder.append(
      RecordHead(type: .touch, sequence: sequence, key: FormatExamples.key(1)),
      checksum: checksum
    )
    return builder.seal(
      number: number,
      nextSequence: sequence + 1,
      previousDigest: previous,
      in: segment,
      at: offset
    )
  }

  @Test func `a batch counts only where it was written, and in its own incarnation`() throws {
    let bytes = FormatExamples.batch.bytes
    #expect(try head(bytes, offset: 4096).get() == FormatExamples.batch.head)
    #expect(damage(head(bytes, offset: 8192)) == .badChecksum, "misdirected")
    let nextSegment = SegmentIdentity(
      segmentID: segment.segmentID + 1,
      marker: segment.marker,
      checksum: checksum
    )
    #expect(damage(head(bytes, in: nextSegment, offset: 4096)) == .badChecksum)
    let nextIncarnation = SegmentIdentity(
      segmentID: segment.segmentID,
      marker: SyncMarker(value: 1),
      checksum: checksum
    )
    #expect(damage(head(bytes, in: nextIncarnation, offset: 4096)) == .badMagic)
    let otherStore = SegmentIdentity(
      segmentID: segment.segmentID,
      marker: segment.marker,
      checksum: .plain
    )
    #expect(damage(head(bytes, in: otherStore, offset: 4096)) == .badChecksum)
  }

  @Test func `a head without room is out of bounds, wherever it is asked for`() {
    let bytes = FormatExamples.batch.bytes
    for position in [-1, 4033, 4096, 5000, .max] {
      #expect(damage(head(bytes, at: position, offset: 4096)) == .lengthOutOfBounds)
    }
  }

  @Test func `the body digest covers every byte behind the head, padding too`() throws {
    let sealed = FormatExamples.batch
    for position in [64, 100, 4000, 4095] {
      var bytes = sealed.bytes
      bytes[position] ^= 1
      #expect(throws: FormatError(.badChecksum, in: .batchBody, at: 4096)) {
        try sealed.head.checkBody(bytes.span, in: segment, at: 4096)
      }
    }
    #expect(throws: FormatError(.lengthOutOfBounds, in: .batchBody, at: 4096)) {
      try sealed.head.checkBody(
        sealed.bytes.span.extracting(0..<4095),
        in: segment,
        at: 4096
      )
    }
  }

  @Test func `batches are chained by their head digests`() {
    let first = batch(0, previous: BatchHead.chainStart, sequence: 1, at: 4096)
    let second = batch(1, previous: first.digest, sequence: 2, at: 8192)
    #expect(first.head.digest(in: segment, at: 4096) == first.digest)
    #expect(second.head.previousDigest == first.digest)
    let other = batch(0, previous: BatchHead.chainStart, sequence: 9, at: 4096)
    #expect(other.digest != first.digest, "another batch in its place breaks the chain")
  }

  @Test func `a scan finds the next batch behind a hole, and none in an artifact's copy`() {
    let first = batch(0, previous: BatchHead.chainStart, sequence: 1, at: 4096)
    let third = batch(2, previous: 7, sequence: 3, at: 12288)
    // An uploader who got hold of an old segment file stores its bytes in a blob: same pages, other
    // places, and by now another incarnation.
    let region = first.bytes + first.bytes + third.bytes
    let found = scan(region, from: 4096)
    #expect(found?.head == third.head)
    #expect(found?.position == 8192)
    #expect(scan(region, from: 1) == found)
    #expect(scan(region, from: 0)?.position == 0)
    #expect(scan(region, from: 8193) == nil)
    #expect(scan([], from: 0) == nil)
  }

  private func scan(_ bytes: [UInt8], from start: Int) -> FoundBatch? {
    BatchScan.firstBatch(in: bytes.span, from: start, segment: segment, offset: 4096)
  }

  @Test func `a builder knows when it is full`() {
    var builder = BatchBuilder()
    let limit = 8192
    let head = RecordHead(type: .tombstone, sequence: 1, key: FormatExamples.key(1))
    var count = 0
    while builder.hasRoom(for: head.footprint, limit: limit) {
      var next = head
      next.sequence = UInt64(count)
      builder.append(next, checksum: checksum)
      count += 1
    }
    // (8192 − 64) / 128, rounded down.
    #expect(count == 63)
    #expect(builder.batchByteCount == limit)
  }

  @Test func `records out of order are damage, relocated ones are not`() throws {
    func walk(_ records: [(UInt64, RecordFlags)]) -> Damage? {
      var builder = BatchBuilder()
      for (sequence, flags) in records {
        builder.append(
          RecordHead(
            type: .tombstone,
            flags: flags,
            sequence: sequence,
            key: FormatExamples.key(1)
          ),
          checksum: checksum
        )
      }
      let sealed = builder.seal(
        number: 0,
        nextSequence: 50,
        previousDigest: 0,
        in: segment,
        at: 4096
      )
      var walk = RecordWalk(sealed.head, at: 4096)
      do throws(FormatError) {
        while try walk.next(in: sealed.bytes.span, checksum: checksum) != nil {}
        return nil
      } catch {
        return error.damage
      }
    }
    #expect(walk([(5, []), (6, []), (9, [])]) == nil)
    #expect(walk([(5, []), (5, [])]) == .outOfOrder)
    #expect(walk([(5, []), (4, [])]) == .outOfOrder)
    #expect(walk([(5, []), (4, .relocated), (6, [])]) == nil)
    #expect(walk([(4, .relocated), (3, .relocated)]) == nil)
  }
}
