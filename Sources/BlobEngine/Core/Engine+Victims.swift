/// Which segment is emptied next (`engine.md` 9.3).
extension Engine {
  /// Chooses the segment that gives the most for what moving it costs.
  ///
  /// Segments without anything alive come first: they cost a few tombstones and touches, and are
  /// left alone where those are most of what there is, or they would be moved for ever. Otherwise
  /// the score is that of a log-structured file system, (1 − u) · age / (1 + u) with u the live
  /// share (Rosenblum and Ousterhout, "The design and implementation of a log-structured file
  /// system", 1992), with the root of the age: the age itself empties segments of copies again and
  /// again that have hardly a dead byte, and without it young segments are copied whose blobs would
  /// have died by themselves. Nothing is copied while the share of dead bytes can be borne.
  ///
  /// Victims come in runs of one generation, so that a segment of copies holds either what has
  /// survived once or what has survived before. With nine in ten deletes among the youngest fifth
  /// and a quarter of the store dead, a model of the log copies 0.70 bytes for each that is put
  /// where generations mix and 0.50 where they do not; two lanes of copies would give 0.48.
  ///
  /// - Parameter isPressed: whether room is scarce.
  /// - Returns: its slot, or nil when none is worth it.
  func chooseVictim(isPressed: Bool) -> UInt32? {
    guard options.reclaims || !reclaim.compactions.isEmpty else { return nil }
    let candidates = candidates()
    let dead = candidates.first { $0.isWithoutLife && $0.deadShare >= $0.leastDeadShare }
    if let dead { return dead.slot }
    if isPressed { return best(of: candidates) }
    let asked = candidates.filter { $0.segmentID < reclaim.compactedSegmentLimit }
    if let best = best(of: asked) { return best }
    if let fresh = asked.first(where: { isToBeCompressedAgain($0) }) { return fresh.slot }
    return deadShare > ReclaimPolicy.tolerableDeadShare ? best(of: candidates) : nil
  }

  /// Whether somebody wants a segment's payloads compressed again, and none of them was: what
  /// reclaim has copied, it has compressed.
  private func isToBeCompressedAgain(_ candidate: ReclaimCandidate) -> Bool {
    options.recompressesCopies && !candidate.isOfCopies
      && candidate.segmentID < reclaim.recompressedSegmentLimit
  }

  private func best(of candidates: [ReclaimCandidate]) -> UInt32? {
    let worthwhile = candidates.filter { $0.deadShare >= $0.leastDeadShare }
    let generation = generationToGoOnWith
    let fitting = worthwhile.filter { $0.isOfCopies == generation }
    return (fitting.isEmpty ? worthwhile : fitting).max { $0.score < $1.score }?.slot
  }

  /// Whether copies of copies belong into the open segment of copies; nil: as little is in it yet
  /// that anything may follow.
  private var generationToGoOnWith: Bool? {
    guard let slot = lanes[.cold].active, let segment = slots[slot].segment else { return nil }
    let filled = Double(segment.end) / Double(limits.segmentByteCount)
    return filled > ReclaimPolicy.fillThatMayMix ? reclaim.lastVictimWasOfCopies : nil
  }

  private func candidates() -> [ReclaimCandidate] {
    let copyable = copyableByteCount
    let growing = Set(uploads.values.flatMap { $0.stored.map(\.segmentID) })
    return slots.numbers.compactMap { number in
      let slot = slots[number]
      guard slot.state == .sealed, let segment = slot.segment, segment.damagedRanges.isEmpty,
        !slot.isVictim, !slot.isEmptied, !slot.isSpoilt, !slot.isDead,
        mayHoldNothingUnknown(slot), !growing.contains(segment.id)
      else { return nil }
      let isAsked = segment.id < reclaim.compactedSegmentLimit
      let dead = deadByteCount(in: slot, isAsked: isAsked)
      let used = usedByteCount(in: slot)
      guard used - dead <= copyable else { return nil }
      return ReclaimCandidate(
        slot: number,
        segmentID: segment.id,
        isOfCopies: segment.lane == .cold,
        isWithoutLife: slot.live.isEmpty,
        deadByteCount: dead,
        usedByteCount: used,
        leastDeadShare: leastDeadShare(in: slot),
        age: nextSequence - min(segment.lastSequence, nextSequence)
      )
    }
  }

  /// The dead share below which copying a segment might give nothing back: what padding of the
  /// copies' batches may take, and the room behind the last batch that no record fits any more.
  func leastDeadShare(in slot: Slot) -> Double {
    let padding = 2 * Double(StoreFormat.pageByteCount) / Double(limits.reclaimStepByteCount)
    let record = slot.live.largestAverageByteCount(extentByteCount: limits.extentByteCount)
    let rest = 1.5 * Double(record) / Double(limits.segmentByteCount)
    return max(ReclaimPolicy.leastDeadShare, padding, rest)
  }

  /// What a segment takes of its slot: its batches, or all of it when it was given up early.
  func usedByteCount(in slot: Slot) -> UInt64 {
    guard let segment = slot.segment else { return 0 }
    let written = segment.end - SegmentHeader.byteCount
    let isCutShort = slot.state == .sealed && segment.end < limits.segmentByteCount / 2
    return UInt64(isCutShort ? limits.segmentByteCount - SegmentHeader.byteCount : written)
  }

  /// What of that is neither alive nor a tombstone.
  ///
  /// Padding counts as dead where copying gets rid of it; in a segment of copies it is as little as
  /// it will be. Tombstones count as dead once more segments than there are have gone since they
  /// were looked at: then it is likely that what they bury has gone too. Those that a compaction is
  /// to look at do so at once. Touches count as dead when the grace is over.
  func deadByteCount(in slot: Slot, isAsked: Bool = false) -> UInt64 {
    guard let segment = slot.segment else { return 0 }
    var kept = slot.live.byteCount
    let present = UInt64(slotOfSegment.count)
    let freed = reclaim.counters.freedSegmentCount
    if !isAsked, freed <= segment.freedCountWhenWritten + present {
      kept += UInt64((segment.tombstoneCount ?? 0) * RecordHead.byteCount)
    }
    if segment.lastSequence >= graceSequence {
      kept += UInt64((segment.touchCount ?? 0) * RecordHead.byteCount)
    }
    if segment.lane == .cold { kept += UInt64(max(0, segment.paddingByteCount)) }
    let used = usedByteCount(in: slot)
    return used - min(used, kept)
  }

  /// The share of all segments' bytes that is dead.
  var deadShare: Double {
    var used: UInt64 = 0
    var dead: UInt64 = 0
    // What is emptied, and waits for a checkpoint, is not to be reclaimed again.
    for number in slots.numbers where slots[number].segment != nil && !slots[number].isEmptied {
      used += usedByteCount(in: slots[number])
      dead += deadByteCount(in: slots[number])
    }
    return used == 0 ? 0 : Double(dead) / Double(used)
  }
}

/// When reclaim begins and how far it goes.
enum ReclaimPolicy {
  /// The share of dead bytes below which nobody minds them: just under the quarter that is
  /// promised, since each hundredth less costs about two hundredths of a byte copied for each put.
  static let tolerableDeadShare = 0.249
  /// The share of dead bytes above which reclaim is falling behind.
  static let urgentDeadShare = 0.25
  /// How many requests of others end between two steps.
  ///
  /// A step holds up those that come with it: the fewer steps among them, the fewer are slow.
  static let longPause = 64
  static let shortPause = 8
  /// How full the open segment of copies is before what follows must be of its generation.
  static let fillThatMayMix = 0.15
  /// The share of dead bytes below which a segment is never copied, however scarce room is.
  static let leastDeadShare = 0.1
}

extension EngineLimits {
  /// What is copied at a time, in bytes.
  var reclaimStepByteCount: Int { min(256 << 10, batchByteCount) }
}

/// A segment that could be emptied.
private struct ReclaimCandidate {
  let slot: UInt32
  let segmentID: UInt64
  /// Whether what it holds was copied before.
  let isOfCopies: Bool
  let isWithoutLife: Bool
  let deadByteCount: UInt64
  let usedByteCount: UInt64
  /// The dead share that it takes at least.
  let leastDeadShare: Double
  /// How much was written since its last batch, in records.
  let age: UInt64

  var deadShare: Double { Double(deadByteCount) / Double(max(usedByteCount, 1)) }

  var score: Double { deadShare * Double(age + 1).squareRoot() / (2 - deadShare) }
}
