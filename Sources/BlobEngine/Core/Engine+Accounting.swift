import Bytes

/// Which slots hold what is alive, counted as records come and go.
///
/// A record in the index counts with the bytes of its size class, which the index knows without
/// reading it, so that a recount from the index gives the same sums. An extent counts with its
/// exact length, from when it is durable until its upload or its blob goes.
extension Engine {
  /// A record is durable and new: the index leads to it.
  mutating func addRecord(of key: SHA256Digest, at place: IndexPlace) {
    index.insert(indexKey(key), place)
    checkpoints.markDirty(indexKey(key).partition)
    slots[place.slot].live.add(record: place.readByteCount)
  }

  /// A blob is deleted, or a fresh copy takes its place.
  mutating func forgetRecord(
    of key: SHA256Digest,
    at place: IndexPlace,
    extents: [ExtentReference]
  ) {
    guard index.remove(indexKey(key), place) else { return }
    checkpoints.markDirty(indexKey(key).partition)
    slots[place.slot].live.remove(record: place.readByteCount)
    noteDeath(in: place.slot)
    guard uncounted.remove(place) == nil else { return }
    forgetExtents(extents)
  }

  mutating func addExtent(_ extent: ExtentReference) {
    guard let slot = slotOfSegment[extent.segmentID] else { return }
    slots[slot].live.add(extent: extent.recordByteCount)
  }

  mutating func forgetExtents(_ extents: [ExtentReference]) {
    for extent in extents {
      guard let slot = slotOfSegment[extent.segmentID] else { continue }
      slots[slot].live.remove(extent: extent.recordByteCount)
      noteDeath(in: slot)
    }
  }

  private mutating func noteDeath(in slot: UInt32) {
    guard slots[slot].live.isEmpty else { return }
    slots[slot].diedAfterCheckpoint = checkpoints.lastStarted
  }

  /// Counts the records of all slots anew from the index, and reports what was wrong.
  ///
  /// Up to a million blobs: beyond that it would hold callers up for longer than it is worth.
  mutating func recount() {
    guard index.count <= 1 << 20 else { return }
    let counted = recountedRecords()
    for number in slots.numbers where slots[number].state != .claimed {
      let fresh = counted[number] ?? LiveBytes()
      guard !fresh.hasSameRecords(as: slots[number].live) else { continue }
      log(.alarm, "The live bytes of slot \(number) were counted wrongly; they are right now.")
      assertionFailure("live bytes are kept right")
      slots[number].live.takeRecords(of: fresh)
    }
  }

  /// The live records of each slot as the index has them.
  func recountedRecords() -> [UInt32: LiveBytes] {
    var counted: [UInt32: LiveBytes] = [:]
    index.forEach { _, entry in
      counted[entry.place.slot, default: LiveBytes()].add(record: entry.place.readByteCount)
    }
    return counted
  }

  /// Makes slots free in which nothing is alive (invariant 7 of *Recovery*).
  mutating func retireDeadSlots() {
    guard uncounted.isEmpty else { return }
    for number in slots.numbers where mayRetire(slots[number]) {
      if let segment = slots[number].segment { slotOfSegment[segment.id] = nil }
      slots[number].state = .free
      slots[number].segment = nil
      recent.forget(slot: number)
    }
  }

  private func mayRetire(_ slot: Slot) -> Bool {
    if breakages.contains(.reuseSlotEarly), slot.state == .sealed, slot.live.isEmpty { return true }
    return slot.isDead && checkpoints.lastFinished > slot.diedAfterCheckpoint
  }

  /// Whether a slot waits only for a checkpoint to be of use again, and there may be one.
  var canFreeSlots: Bool {
    guard mode == .running || mode == .closing, !checkpoints.hasFailed, uncounted.isEmpty else {
      return false
    }
    return slots.numbers.contains { slots[$0].isDead }
  }

  /// Whether new bytes can be taken: there is room in the open segment, or for another one.
  mutating func hasRoom(for byteCount: Int, in lane: Lane = .ingest) -> Bool {
    if !slots.isFull || lanes[lane].spare != nil || lanes[lane].isPreparing { return true }
    retireDeadSlots()
    if !slots.isFull || canFreeSlots { return true }
    guard let slot = lanes[lane].active, let segment = slots[slot].segment else { return false }
    let queued = lanes[lane].queue.byteCount + lanes[lane].queue.count * RecordHead.byteCount * 2
    let margin = 2 * StoreFormat.pageByteCount
    return segment.hasRoom(
      forBatch: queued + byteCount + margin,
      records: lanes[lane].queue.count + 1,
      limits: limits
    )
  }
}

/// The bytes in a slot that something leads to.
struct LiveBytes: Hashable {
  /// Of records that the index leads to, by their size classes.
  private(set) var recordByteCount: UInt64 = 0
  private(set) var recordCount = 0
  /// Of extents that an upload or the list of a large blob names.
  private(set) var extentByteCount: UInt64 = 0

  var isEmpty: Bool { recordCount == 0 && extentByteCount == 0 }

  mutating func add(record byteCount: UInt64) {
    recordByteCount += byteCount
    recordCount += 1
  }

  mutating func remove(record byteCount: UInt64) {
    precondition(recordCount > 0, "what goes was counted")
    precondition(recordByteCount >= byteCount, "and so were its bytes")
    recordByteCount -= byteCount
    recordCount -= 1
  }

  mutating func add(extent byteCount: UInt64) { extentByteCount += byteCount }

  mutating func remove(extent byteCount: UInt64) {
    precondition(extentByteCount >= byteCount, "what goes was counted")
    extentByteCount -= byteCount
  }

  func hasSameRecords(as other: LiveBytes) -> Bool {
    recordByteCount == other.recordByteCount && recordCount == other.recordCount
  }

  mutating func takeRecords(of other: LiveBytes) {
    recordByteCount = other.recordByteCount
    recordCount = other.recordCount
  }
}
