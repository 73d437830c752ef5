import Disk

/// From a segment in which nothing is of use to a slot that is free.
extension Engine {
  /// Looks for dead slots when something has happened that may have left one.
  mutating func retireDeadSlotsIfAny() {
    guard reclaim.mayHaveDeadSlots else { return }
    retireDeadSlots()
  }

  /// Takes the headers of segments away in which nothing is of use; their slots are free then
  /// (invariants 7 and 9 of *Recovery*).
  mutating func retireDeadSlots() {
    guard uncounted.isEmpty, mode == .running || mode == .closing else { return }
    reclaim.mayHaveDeadSlots = false
    for number in slots.numbers where mayRetire(slots[number]) { wipe(number) }
  }

  private func mayRetire(_ slot: Slot) -> Bool {
    if breakages.contains(.reuseSlotEarly), slot.state == .sealed, slot.live.isEmpty { return true }
    let isDead = breakages.contains(.reuseUnderReaders) ? slot.isDeadExceptForReaders : slot.isDead
    guard isDead, mayHoldNothingUnknown(slot) else { return false }
    return checkpoints.lastFinished > slot.diedAfterCheckpoint
      || breakages.contains(.reuseBeforeSwitch)
  }

  /// While a list of extents cannot be read, any extent may be one of its.
  func mayHoldNothingUnknown(_ slot: Slot) -> Bool {
    unreadableLists.isEmpty || slot.segment?.lane == .ingest
  }

  /// Overwrites the header and the place of the first batch.
  ///
  /// Tombstones are dropped when no segment holds an older record of their key; a segment whose
  /// header were still there would be one after the next open.
  private mutating func wipe(_ number: UInt32) {
    if let segment = slots[number].segment { slotOfSegment[segment.id] = nil }
    slots[number].segment = nil
    slots[number].isEmptied = false
    slots[number].isSpoilt = false
    slots[number].movedInCount = 0
    slots[number].state = .wiping
    recent.forget(slot: number)
    let byteCount = SegmentHeader.byteCount + StoreFormat.pageByteCount
    let buffer = makeBuffer(byteCount)
    buffer.zero(0..<byteCount)
    let operation = DiskOperation.write(
      .slot(number),
      offset: 0,
      byteCount: byteCount,
      from: buffer,
      bufferOffset: 0,
      flushed: true
    )
    submit(operation) { engine, result in
      engine.wiped(number, result)
    }
  }

  private mutating func wiped(_ number: UInt32, _ result: Result<Int, DiskError>) {
    lanes.stopWaiting()
    // A compaction may have waited for it, whatever has become of it.
    reclaim.isWorthALook = true
    switch result {
    case .success:
      slots[number].state = .free
      reclaim.counters.freedSegmentCount += 1
      reclaim.isStuck = false
    case .failure(let error):
      slots[number].state = .lost
      log(
        .alarm,
        "Slot \(number) cannot be used again before the next open: \(DiskFailure(error).message)."
      )
    }
  }

  // MARK: Hope

  /// Whether a lane that found no slot will find one by itself: when a header is gone, after a
  /// checkpoint, or by reclaim.
  func canHopeForSlot(in lane: Lane, countingProbe: Bool = true) -> Bool {
    guard mode == .running || mode == .closing, uncounted.isEmpty else { return false }
    if isProbing, countingProbe { return true }
    return isSlotOnItsWay || relocationFreesSlot(in: lane)
      || (lane != .cold && reclaimFreesSlot)
  }

  /// Sets in motion what would give a slot back.
  ///
  /// - Returns: false when there is nothing to hope for.
  mutating func hopeForSlot(in lane: Lane) -> Bool {
    guard canHopeForSlot(in: lane) else { return false }
    if checkpointFreesSlot { checkpoints.isWanted = true }
    reclaim.isWorthALook = true
    return true
  }

  /// Whether a slot will be free or a victim in a moment, or with the next checkpoint.
  var isSlotOnItsWay: Bool {
    slots.numbers.contains { slots[$0].isOnItsWay } || checkpointFreesSlot
  }

  /// Whether a slot waits only for a checkpoint, and there may be one.
  private var checkpointFreesSlot: Bool {
    guard !checkpoints.hasFailed else { return false }
    return slots.numbers.contains { slots[$0].isDead && mayHoldNothingUnknown(slots[$0]) }
  }

  /// Whether a record waits here whose key reclaim is to switch: a slot may be free of everything
  /// after that.
  private func relocationFreesSlot(in lane: Lane) -> Bool {
    let queue = lanes[lane].queue
    return (0..<queue.count).contains { gates.mayGiveWay(queue[$0]) }
  }

  /// Whether reclaim is at work or would find something to do.
  private var reclaimFreesSlot: Bool {
    if chunksMayFreeSlot || mayGiveUpEarly { return true }
    guard mode == .running, !reclaim.isStuck else { return false }
    return reclaim.run != nil || reclaim.relocationCount > 0
      || chooseVictim(isPressed: true) != nil || laneWorthEmptying != nil
  }
}

extension Slot {
  /// Whether the slot will be free or a victim in a moment.
  fileprivate var isOnItsWay: Bool { state == .wiping || state == .sealing }

  /// What ``isDead`` would be if nobody read here: a breakage asks.
  fileprivate var isDeadExceptForReaders: Bool {
    var copy = self
    copy.readerCount = 0
    return copy.isDead
  }
}
