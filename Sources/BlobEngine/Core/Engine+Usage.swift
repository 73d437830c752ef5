/// What the space is used for, as far as the engine knows without reading.
extension Engine {
  /// - Complexity: O(*n*) in the number of slots.
  package func usage() -> StoreUsage {
    var usage = StoreUsage()
    usage.blobCount = blobCount
    usage.segmentByteCount = superblock.segmentByteCount
    usage.freeSegmentCount = slots.freeCount
    usage.segmentLimit = slots.limitCount
    usage.reservedSegmentCount = slots.kept
    for number in slots.numbers { add(slots[number], to: &usage) }
    addCounters(to: &usage)
    usage.isFull = isFull
    usage.isTight = slots.isTight
    usage.isReclaiming = reclaim.run != nil
    return usage
  }

  private func add(_ slot: Slot, to usage: inout StoreUsage) {
    switch slot.state {
    case .missing, .malformed, .free: return
    case .claimed, .open, .closed, .sealing, .sealed, .wiping, .lost: usage.usedSegmentCount += 1
    }
    let used = usedByteCount(in: slot)
    usage.usedByteCount += used
    usage.liveByteCount += min(slot.live.byteCount, used)
    if slot.isEmptied, slot.live.isEmpty {
      usage.emptiedByteCount += used
    } else {
      usage.deadByteCount += deadByteCount(in: slot)
    }
  }

  private func addCounters(to usage: inout StoreUsage) {
    let counters = reclaim.counters
    usage.writtenByteCount = traffic.foreground
    usage.movedByteCount = traffic.reclaim
    usage.checkpointByteCount = traffic.checkpoints
    usage.emptiedSegmentCount = counters.emptiedSegmentCount
    usage.freedSegmentCount = counters.freedSegmentCount
    usage.droppedTombstoneCount = counters.droppedTombstoneCount
    usage.damagedRecordCount = counters.damagedRecordCount
  }
}

/// The bytes written to the log and its tables since the store was opened, by who wanted them.
struct WriteTraffic {
  var foreground: UInt64 = 0
  var reclaim: UInt64 = 0
  var checkpoints: UInt64 = 0
}
