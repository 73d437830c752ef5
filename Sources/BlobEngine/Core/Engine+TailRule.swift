import Bytes
import Disk

/// Where unsealed segments end: torn or damaged (*Recovery*, the tail rule).
extension Engine {
  mutating func applyTailRule(_ walks: [SegmentWalk], _ recovery: Recovery) {
    let newest = walks.map(\.segment.lastSequence).max() ?? 0
    nextSequence = max(nextSequence, newest + 1)
    let isShort = recovery.closedSequence > newestSequence(walks) + 1
    for walk in walks {
      if let limit = damageLimit(of: walk, walks, isShort: isShort, recovery) {
        walk.condemnTail(upTo: limit)
      }
      settle(walk, recovery)
    }
    readFooters(recovery.sealed[...], recovery)
  }

  private func newestSequence(_ walks: [SegmentWalk]) -> UInt64 {
    let sealed = slots.numbers.compactMap { number in
      slots[number].state == .sealed ? slots[number].segment?.lastSequence : nil
    }
    return max(sealed.max() ?? 0, walks.map(\.segment.lastSequence).max() ?? 0)
  }

  /// Below which sequence batches were committed behind the end of a walk, if any were.
  private func damageLimit(
    of walk: SegmentWalk,
    _ walks: [SegmentWalk],
    isShort: Bool,
    _ recovery: Recovery
  ) -> UInt64? {
    guard walk.suspectStart != nil, !breakages.contains(.truncateOnAnyBadChecksum) else {
      return nil
    }
    if walk.hasUnreadableTail { return .max }
    // A store that was closed says how far its log went.
    if isShort, walk.hasWrittenTail { return recovery.closedSequence }
    guard let next = successor(of: walk, walks), let previous = next.firstPreviousDigest,
      walk.segment.batchCount > 0, !walk.mayPrecede(previous)
    else { return nil }
    return next.firstSequence
  }

  /// The next segment of the same lane that has batches.
  private func successor(of walk: SegmentWalk, _ walks: [SegmentWalk]) -> Segment? {
    let walked = walks.map(\.segment)
    let sealed = slots.numbers.compactMap { number in
      slots[number].state == .sealed ? slots[number].segment : nil
    }
    return (walked + sealed)
      .filter { $0.id > walk.segment.id && $0.lane == walk.segment.lane && $0.batchCount > 0 }
      .min { $0.id < $1.id }
  }

  /// Takes over what a walk found out.
  mutating func settle(_ walk: SegmentWalk, _ recovery: Recovery) {
    recovery.damagedBatchCount += walk.damagedBatchCount
    recovery.damagedKeys += walk.damagedKeys
    nextSequence = max(nextSequence, walk.segment.lastSequence + 1)
    for range in walk.segment.damagedRanges {
      log(
        .alarm,
        "Slot \(walk.slot) is damaged from offset \(range.lowerBound) to \(range.upperBound)."
      )
    }
    if walk.segment.entries.isEmpty, walk.segment.damagedRanges.isEmpty {
      recovery.emptied[walk.slot] = walk.segment
      slotOfSegment[walk.segment.id] = nil
      slots[walk.slot].segment = nil
      slots[walk.slot].state = .free
      return
    }
    slots[walk.slot].segment = walk.segment
    for entry in walk.segment.entries {
      collect(entry, walk.slot, walk.segment.id, recovery)
    }
  }
}
