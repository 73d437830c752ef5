/// What is known of the segment in a slot.
///
/// Invariants:
///
/// 1. Everything before `end` was flushed. What is under way follows it, in the order it came.
/// 2. `entries` has every record before `end`, in their order, until the segment is sealed.
/// 3. Footer and trailer for `entries` fit behind `end`.
struct Segment {
  let id: UInt64
  var lane: Lane
  /// Whether the header is damaged, which says the lane: then the records do.
  var isLaneGuessed = false
  let identity: SegmentIdentity
  /// Nothing but copies has a lower sequence here: the header says it, or 0 where it is damaged.
  var leastSequence: UInt64 = 0
  /// Where the durable batches end, from the start of the slot's file, in bytes.
  var end = SegmentHeader.byteCount
  var batchCount: UInt32 = 0
  /// What is laid out behind `end`.
  private var underWay = UnderWay()
  /// The head digest of the last batch.
  var lastDigest = BatchHead.chainStart
  /// What the first batch names as the one before it.
  var firstPreviousDigest: UInt64?
  var lastSequence: UInt64 = 0
  var firstSequence = UInt64.max
  /// Nil while nobody has looked: of a sealed segment whose footer was not read.
  var tombstoneCount: Int? = 0
  /// How many touches it has; nil as above.
  var touchCount: Int? = 0
  var recordCount: UInt32 = 0
  var entries: [FooterEntry] = []
  /// Where the footer is, once there is one.
  var footer: FooterPlace?
  /// The bytes that only fill pages up, of the batches written since the store was opened.
  var paddingByteCount = 0
  /// How many slots reclaim had given back when the segment was begun.
  var freedCountWhenWritten: UInt64 = 0
  /// Where batches were that do not verify any more.
  var damagedRanges: [Range<Int>] = []
  /// Whether a crash left places between its batches where nothing was committed.
  var hasHoles = false

  init(id: UInt64, lane: Lane, identity: SegmentIdentity) {
    self.id = id
    self.lane = lane
    self.identity = identity
  }

  /// Whether nothing in it outlives the blobs in it: it has no tombstone, and no touch that a
  /// collector may have to know of after the next open.
  var hasRecordsOnly: Bool { tombstoneCount == 0 && touchCount == 0 }

  /// Whether records of this kind are written to the segment's lane.
  func mayHold(_ head: RecordHead) -> Bool {
    let isCopy = head.flags.contains(.relocated)
    if isLaneGuessed { return true }
    return switch lane {
    case .ingest: head.type != .extent && !isCopy
    case .large: head.type == .extent && !isCopy
    // Lists of extents that were moved are new records, recipes too, and so are the tombstones of
    // chunks.
    case .cold: isCopy || head.type == .blobOf || head.type == .recipe || head.type == .tombstone
    }
  }

  /// Whether a batch fits, and still a footer for it and all before.
  func hasRoom(forBatch byteCount: Int, records: Int, limits: EngineLimits) -> Bool {
    let recordCount = entries.count + underWay.recordCount + records
    let table = Footer.byteCount(entryCount: recordCount) + Trailer.byteCount
    return nextOffset + byteCount + table <= limits.segmentByteCount
  }

  func hasRoom(for layout: BatchLayout, limits: EngineLimits) -> Bool {
    hasRoom(forBatch: layout.byteCount, records: layout.positions.count, limits: limits)
  }

  /// Where the next batch goes, from the start of the slot's file, in bytes.
  var nextOffset: Int { end + underWay.byteCount }

  /// The next batch's number.
  var nextNumber: UInt32 { batchCount + underWay.batchCount }

  /// Takes note of a batch that was laid out at `nextOffset`.
  mutating func begin(_ batch: Batch) {
    precondition(batch.offset == nextOffset, "batches follow one another")
    underWay.batchCount += 1
    underWay.byteCount += batch.byteCount
    underWay.recordCount += batch.records.count
  }

  /// Nothing that is under way comes to an end here: it goes elsewhere.
  mutating func giveUpUnderWay() { underWay = UnderWay() }

  /// Takes note of a batch that was flushed at `end`.
  mutating func append(_ batch: Batch) {
    precondition(batch.offset == end, "batches follow one another")
    underWay.batchCount -= 1
    underWay.byteCount -= batch.byteCount
    underWay.recordCount -= batch.records.count
    end += batch.byteCount
    batchCount += 1
    lastDigest = batch.headDigest
    paddingByteCount += batch.paddingByteCount
    lastSequence = max(lastSequence, batch.lastSequence)
    for (record, place) in zip(batch.records, batch.places) {
      append(head: record.head, place: place)
    }
  }

  mutating func append(_ entry: FooterEntry) {
    if entry.type == .tombstone { tombstoneCount = (tombstoneCount ?? 0) + 1 }
    if entry.type == .touch { touchCount = (touchCount ?? 0) + 1 }
    recordCount += 1
    firstSequence = min(firstSequence, entry.sequence)
    lastSequence = max(lastSequence, entry.sequence)
    entries.append(entry)
  }

  /// Takes note of a record.
  mutating func append(head: RecordHead, place: RecordPlace) {
    var head = head
    head.sequence = place.sequence
    guard let entry = FooterEntry(head, at: UInt64(place.offset)) else { return }
    append(entry)
  }
}

extension Segment {
  /// What batches take that are not known to be durable.
  private struct UnderWay {
    var batchCount: UInt32 = 0
    var byteCount = 0
    var recordCount = 0
  }
}

/// Where a sealed segment's footer lies.
struct FooterPlace: Hashable {
  let offset: Int
  let byteCount: Int
  let entryCount: Int
}
