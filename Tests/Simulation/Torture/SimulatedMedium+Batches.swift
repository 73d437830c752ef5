import BlobEngine
import Bytes
import Disk

/// A batch as it lies in a slot.
struct SimulatedBatch {
  /// Where it lies in the slot's file, padding included.
  let range: Range<UInt64>
  let records: [SimulatedRecord]
}

/// A record as it lies in a slot.
struct SimulatedRecord {
  let range: Range<UInt64>
  let head: RecordHead
  let items: RecordExtension
}

// What slots hold, read without an engine.
extension SimulatedMedium {
  /// What a slot's header says, if it verifies.
  func segmentHeader(of file: StoreFile) -> SegmentHeader? {
    guard case .slot(let slot) = file, let byteCount = files[file],
      byteCount > UInt64(SegmentHeader.byteCount),
      let bytes = try? read(file, offset: 0, byteCount: SegmentHeader.byteCount)
    else { return nil }
    return try? SegmentHeader(decoding: bytes.span, slot: slot)
  }

  /// Whether a slot ends in a trailer that verifies.
  func hasTrailer(_ file: StoreFile) -> Bool {
    guard let header = segmentHeader(of: file), let byteCount = files[file],
      let page = try? read(
        file,
        offset: byteCount - UInt64(Trailer.byteCount),
        byteCount: Trailer.byteCount
      )
    else { return false }
    let trailer = try? Trailer(
      decoding: page.span,
      in: header.identity,
      segmentByteCount: byteCount
    )
    return trailer != nil
  }

  /// A slot's batches, up to the first that does not verify.
  func batches(of file: StoreFile) -> [SimulatedBatch] {
    guard let header = segmentHeader(of: file), let byteCount = files[file],
      let bytes = try? read(file, offset: 0, byteCount: Int(byteCount))
    else { return [] }
    var batches: [SimulatedBatch] = []
    var position = SegmentHeader.byteCount
    while position < bytes.count {
      let rest = bytes.span.extracting(position..<bytes.count)
      guard
        let head = try? BatchHead(decoding: rest, at: 0, in: header.identity, at: UInt64(position)),
        head.batchByteCount <= rest.count
      else { break }
      let batch = rest.extracting(0..<head.batchByteCount)
      batches.append(
        SimulatedBatch(
          range: UInt64(position)..<UInt64(position + head.batchByteCount),
          records: Self.records(in: batch, head, header.identity, at: position)
        )
      )
      position += head.batchByteCount
    }
    return batches
  }

  private static func records(
    in batch: Span<UInt8>,
    _ head: BatchHead,
    _ segment: SegmentIdentity,
    at position: Int
  ) -> [SimulatedRecord] {
    var walk = RecordWalk(head, at: UInt64(position))
    var records: [SimulatedRecord] = []
    while let record = try? walk.next(in: batch, checksum: segment.checksum) {
      let start = UInt64(position + record.position)
      records.append(
        SimulatedRecord(
          range: start..<(start + UInt64(record.head.recordByteCount)),
          head: record.head,
          items: record.items
        )
      )
    }
    return records
  }
}
