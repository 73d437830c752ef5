import Bytes
import Codec
import Disk

/// A batch laid out for one place in one segment.
final class Batch {
  let records: [QueuedRecord]
  let places: [RecordPlace]
  let firstSequence: UInt64
  let slot: UInt32
  let offset: Int
  let byteCount: Int
  let buffer: DiskBuffer
  /// The digest that the next batch names.
  let headDigest: UInt64
  /// Whether this is the second try, after a write or flush failed elsewhere.
  let isSecondTry: Bool
  /// Whether the callers of relaxed records have their answers.
  var isAcknowledged = false
  /// How the write and the flush ended; nil while they are under way.
  private(set) var outcome: Result<Void, DiskError>?

  /// Lays records out behind one another, each byte copied once.
  init(
    _ records: [QueuedRecord],
    firstSequence: UInt64,
    segment: Segment,
    previousDigest: UInt64,
    slot: UInt32,
    isSecondTry: Bool,
    makeBuffer: (Int) -> DiskBuffer
  ) {
    let layout = BatchLayout(records)
    let buffer = makeBuffer(layout.byteCount)
    let identity = segment.identity
    var places: [RecordPlace] = []
    places.reserveCapacity(records.count)
    for (index, record) in records.enumerated() {
      let position = layout.positions[index]
      var head = record.head
      if !head.flags.contains(.relocated) { head.sequence = firstSequence + UInt64(index) }
      var bytes = buffer.mutableSpan
      head.encode(
        into: &bytes,
        at: position,
        extension: record.tail.span,
        checksum: identity.checksum
      )
      buffer.copy(from: record.payload.span, at: position + head.headByteCount)
      buffer.zero((position + head.recordByteCount)..<layout.end(ofRecordAt: index))
      places.append(
        RecordPlace(
          slot: slot,
          offset: segment.nextOffset + position,
          byteCount: head.recordByteCount,
          sequence: head.sequence
        )
      )
    }
    let body = buffer.span.extracting(BatchHead.byteCount..<layout.byteCount)
    let head = BatchHead(
      number: segment.nextNumber,
      recordCount: UInt32(records.count),
      bodyByteCount: UInt64(body.count),
      firstSequence: firstSequence,
      previousDigest: previousDigest,
      bodyDigest: identity.checksum.digest64(body)
    )
    var bytes = buffer.mutableSpan
    self.headDigest = head.encode(
      into: &bytes,
      at: 0,
      in: identity,
      at: UInt64(segment.nextOffset)
    )
    self.records = records
    self.places = places
    self.firstSequence = firstSequence
    self.slot = slot
    self.offset = segment.nextOffset
    self.byteCount = layout.byteCount
    self.buffer = buffer
    self.isSecondTry = isSecondTry
  }

  var hasEnded: Bool { outcome != nil }

  var isDurable: Bool { if case .success = outcome { true } else { false } }

  var hasFailed: Bool { if case .failure = outcome { true } else { false } }

  /// Takes note of how the batch ended; only the first outcome counts.
  func end(_ outcome: Result<Void, DiskError>) {
    self.outcome = self.outcome ?? outcome
  }

  /// The sequence of the last record, or what it would be: a batch of copies, which keep theirs,
  /// has its place in the order of the log all the same.
  var lastSequence: UInt64 { firstSequence + UInt64(records.count) - 1 }

  /// What fills pages up, in bytes: neither head nor record.
  var paddingByteCount: Int {
    records.reduce(byteCount - BatchHead.byteCount) { $0 - $1.head.footprint }
  }

  /// Whether nobody waits for the flush.
  var isRelaxed: Bool { records.allSatisfy { $0.head.flags.contains(.relaxed) } }
}

/// Where records lie in a batch.
struct BatchLayout {
  /// Where each record begins, from the start of the batch.
  private(set) var positions: [Int] = []
  private var end = BatchHead.byteCount

  init() {}

  init(_ records: [QueuedRecord]) {
    positions.reserveCapacity(records.count)
    for record in records { append(record) }
  }

  /// The bytes of the batch, whole pages.
  var byteCount: Int { StoreFormat.roundUp(end, to: StoreFormat.pageByteCount) }

  /// What the batch would take with one record more.
  func byteCount(with record: QueuedRecord) -> Int {
    StoreFormat.roundUp(end + record.head.footprint, to: StoreFormat.pageByteCount)
  }

  mutating func append(_ record: QueuedRecord) {
    positions.append(end)
    end += record.head.footprint
  }

  /// Where the record at `index` gives way to the next, or to the end of the batch.
  func end(ofRecordAt index: Int) -> Int {
    index + 1 < positions.count ? positions[index + 1] : byteCount
  }
}
