/// Who may take which room: bytes of callers, then deletes and touches, then the copies of reclaim.
///
/// A full store must be able to take deletes and to come by free slots through them, for as long as
/// it takes. Both need a place to write to. So places are counted: the slots that can be had, and
/// the open segment of copies while half of it is left.
///
/// 1. Bytes leave ``SlotTable/kept`` places, by what they claim and by what they fill: the segment
///    that deletes have opened in the reserve takes none while a place is missing.
/// 2. Deletes and touches leave one place, for copies.
/// 3. Reclaim begins with no segment whose copies might not find room: one that is emptied in part
///    gives nothing back and has used up what the next one needs.
extension Engine {
  /// Whether new bytes find no slot.
  var isFull: Bool { placeCount <= slots.kept }

  /// The slots that can be had, and the open segment of copies while half of it is left.
  var placeCount: Int { slots.availableCount + (hasPlaceForCopies ? 1 : 0) }

  /// How many slots a claim of this lane leaves to others.
  func slotCountLeft(by lane: Lane) -> Int {
    let usesReserve = !lanes[lane].displaced.isEmpty
    switch lane {
    case .cold: return 0
    case .ingest where usesReserve || (!lanes[lane].bringsBytes && lanes[lane].hasWork):
      return mayDeletesTakeLastSlot ? 0 : SlotTable.reclaimReserve
    case .large where usesReserve: return SlotTable.reclaimReserve
    case .ingest, .large: return slots.kept - (hasPlaceForCopies ? 1 : 0)
    }
  }

  /// Whether reclaim can do without the last slot.
  ///
  /// It can while it has nothing to copy, if a segment full of tombstones could still be made
  /// smaller: the slot that is to come back next may be waiting for just this delete.
  private var mayDeletesTakeLastSlot: Bool {
    guard reclaim.run == nil else { return false }
    if hasPlaceForCopies { return true }
    return roomForCopies >= limits.segmentByteCount / 8 && chooseVictim(isPressed: true) == nil
  }

  /// Whether bytes may be appended to the open segment of a lane.
  func mayTakeBytes(in lane: Lane) -> Bool {
    lane != .ingest || placeCount >= slots.kept
  }

  /// Whether new bytes can be taken: there is room in the open segment, or for another one.
  ///
  /// Those that are still to come are not taken on the mere chance that a full file system has room
  /// again.
  mutating func hasRoom(
    for byteCount: Int,
    in lane: Lane = .ingest,
    areToCome: Bool = false
  ) -> Bool {
    if !isFull || lanes[lane].spare != nil || lanes[lane].isPreparing { return true }
    retireDeadSlots()
    if !isFull || canHopeForSlot(in: lane, countingProbe: !areToCome) { return true }
    guard mayTakeBytes(in: lane), let slot = lanes[lane].active, let segment = slots[slot].segment
    else { return false }
    let queued = lanes[lane].queue.byteCount + lanes[lane].queue.count * RecordHead.byteCount * 2
    let margin = 2 * StoreFormat.pageByteCount
    return segment.hasRoom(
      forBatch: queued + byteCount + margin,
      records: lanes[lane].queue.count + 1,
      limits: limits
    )
  }

  // MARK: Copies

  /// Whether half of the open segment of copies is left.
  private var hasPlaceForCopies: Bool {
    roomForCopies >= limits.segmentByteCount / 2
  }

  /// What the open segment of copies can still take, in bytes.
  private var roomForCopies: Int {
    guard let slot = lanes[.cold].active, let segment = slots[slot].segment else { return 0 }
    let table = Footer.byteCount(entryCount: segment.entries.count) + Trailer.byteCount
    return max(0, limits.segmentByteCount - segment.end - table)
  }

  /// The most bytes that a victim may have to be copied.
  var copyableByteCount: UInt64 {
    guard slots.availableCount == 0 else { return .max }
    // An eighth for tables and padding.
    return UInt64(roomForCopies) / 8 * 7
  }

  // MARK: Open segments

  /// Closes the open segment that is worth most to be emptied, when room is scarce and no other is:
  /// in a store of few slots open segments may be most of what there is.
  ///
  /// - Returns: false when there is none.
  mutating func closeSegmentWorthEmptying() -> Bool {
    guard let lane = laneWorthEmptying, let slot = lanes[lane].active else { return false }
    closeSegment(slot, of: lane)
    return true
  }

  /// The lane whose open segment would be emptied if it were closed; nil when none would.
  var laneWorthEmptying: Lane? {
    guard options.reclaims, reclaim.run == nil else { return nil }
    return Lane.allCases.filter { isWorthEmptying($0) }.max {
      openDeadShare(of: $0) < openDeadShare(of: $1)
    }
  }

  private func isWorthEmptying(_ lane: Lane) -> Bool {
    guard let slot = lanes[lane].active, lanes[lane].underWay.isEmpty,
      lanes[lane].displaced.isEmpty,
      lane != .cold || (lanes[.cold].isIdle && slots.availableCount > 0),
      openDeadShare(of: lane) >= leastDeadShare(in: slots[slot]), !isGrowing(slot)
    else { return false }
    let used = usedByteCount(in: slots[slot])
    let copied = used - deadByteCount(in: slots[slot])
    return used >= UInt64(limits.segmentByteCount) / 4 && copied <= copyableByteCount
  }

  private func openDeadShare(of lane: Lane) -> Double {
    guard let slot = lanes[lane].active else { return 0 }
    let used = usedByteCount(in: slots[slot])
    return Double(deadByteCount(in: slots[slot])) / Double(max(used, 1))
  }

  /// Whether an upload has pieces in a slot.
  private func isGrowing(_ slot: UInt32) -> Bool {
    let segment = slots[slot].segment?.id
    return uploads.values.contains { $0.stored.contains { $0.segmentID == segment } }
  }
}
