import Bytes
package import Codec

/// A walk over the records of a batch whose body digest was checked.
///
/// The walk holds no bytes: the caller passes the same batch to every step, head included, so that
/// positions in it are positions in the segment less the batch's offset.
package struct RecordWalk: Sendable {
  private var position = BatchHead.byteCount
  private var remaining: UInt32
  private var nextSequence: UInt64
  private let end: Int
  private let offset: UInt64

  /// Starts at the first record of the batch with this head, at `offset` in its segment.
  package init(_ head: BatchHead, at offset: UInt64) {
    self.remaining = head.recordCount
    self.nextSequence = head.firstSequence
    self.end = head.batchByteCount
    self.offset = offset
  }

  /// Returns the next record, or nil after the last.
  ///
  /// Records of a kind that this build does not
  /// know and may pass over are passed over.
  ///
  /// - Throws: the first thing that is wrong; the walk cannot go on after it.
  package mutating func next(
    in batch: Span<UInt8>,
    checksum: Checksum
  ) throws(FormatError) -> Record? {
    guard batch.count >= end else {
      throw FormatError(.lengthOutOfBounds, in: .batchBody, at: offset)
    }
    let batch = batch.extracting(0..<end)
    while remaining > 0 {
      let record = try Record(decoding: batch, at: position, offset: offset, checksum: checksum)
      try check(record, in: batch)
      position += record.head.footprint
      remaining -= 1
      if record.head.type != nil { return record }
    }
    guard batch.extracting(position..<end).isZero else {
      throw FormatError(.reservedNotZero, in: .batchBody, at: offset &+ UInt64(position))
    }
    return nil
  }

  private mutating func check(_ record: Record, in batch: Span<UInt8>) throws(FormatError) {
    let place = offset &+ UInt64(position)
    let left = end - position
    guard record.head.recordByteCount <= left, record.head.footprint <= left else {
      throw FormatError(.lengthOutOfBounds, in: .recordHead, at: place)
    }
    let paddingStart = position + record.head.recordByteCount
    let next = position + record.head.footprint
    guard batch.extracting(paddingStart..<next).isZero else {
      throw FormatError(.reservedNotZero, in: .recordHead, at: place)
    }
    guard !record.head.flags.contains(.relocated) else { return }
    guard record.head.sequence >= nextSequence, record.head.sequence < .max else {
      throw FormatError(.outOfOrder, in: .recordHead, at: place)
    }
    nextSequence = record.head.sequence + 1
  }
}

/// A search for batches where the chain of them is broken.
package enum BatchScan {
  /// Returns the first valid batch head at a page boundary of `bytes` from `start` on, or nil.
  ///
  /// `bytes` begin at `offset` of the segment, which lies on a page, as `start` does.
  ///
  /// - Complexity: one comparison a page, and one checksum for each page with the marker.
  package static func firstBatch(
    in bytes: Span<UInt8>,
    from start: Int = 0,
    segment: SegmentIdentity,
    offset: UInt64
  ) -> FoundBatch? {
    var position = StoreFormat.roundUp(max(start, 0), to: StoreFormat.pageByteCount)
    while position <= bytes.count - BatchHead.byteCount {
      let place = offset &+ UInt64(position)
      if let head = try? BatchHead(decoding: bytes, at: position, in: segment, at: place) {
        return FoundBatch(head: head, position: position)
      }
      position += StoreFormat.pageByteCount
    }
    return nil
  }
}

/// A batch head that a scan came upon.
package struct FoundBatch: Hashable, Sendable {
  package let head: BatchHead
  /// Where it is in the bytes that were searched.
  package let position: Int
}
