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
    usage.delayedBlobCount = delayed.blobCount
    usage.delayedByteCount = delayed.byteCount
    usage.liveByteCount -= min(usage.liveByteCount, delayed.byteCount)
    usage.earlyGivenUpBlobCount = delayed.earlyCount
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
    usage.tableByteCount = traffic.tables
    usage.paddingByteCount = traffic.padding
    usage.tombstoneByteCount = traffic.tombstones
    usage.emptiedSegmentCount = counters.emptiedSegmentCount
    usage.freedSegmentCount = counters.freedSegmentCount
    usage.droppedTombstoneCount = counters.droppedTombstoneCount
    usage.damagedRecordCount = counters.damagedRecordCount
  }
}

/// The bytes that the disk was asked to write since the store was opened, by who wanted them.
struct WriteTraffic {
  /// Everything, whatever it was for.
  var all: UInt64 = 0
  var foreground: UInt64 = 0
  var reclaim: UInt64 = 0
  var checkpoints: UInt64 = 0
  /// What of the foreground's only fills pages up.
  var padding: UInt64 = 0
  /// What of the foreground's are tombstones.
  var tombstones: UInt64 = 0

  /// What belongs to no batch and no checkpoint: headers, tables of contents, superblocks.
  var tables: UInt64 { all - min(all, foreground + reclaim + checkpoints) }

  /// A batch is written.
  mutating func note(_ batch: Batch, of lane: Lane) {
    guard lane != .cold else { return reclaim += UInt64(batch.byteCount) }
    foreground += UInt64(batch.byteCount)
    padding += UInt64(max(0, batch.paddingByteCount))
    for record in batch.records where record.head.type == .tombstone {
      tombstones += UInt64(record.head.footprint)
    }
  }
}
