/// What reclaim knows from one victim to the next.
struct ReclaimState {
  /// The segment that is being emptied.
  var run: ReclaimRun?
  /// Whether what the last victim held had been copied before; nil: there was none.
  var lastVictimWasOfCopies: Bool?
  /// How many copies have not taken the place of what they are copies of yet.
  ///
  /// Their run may be over by then, and a segment dead that was not when the run ended. None of
  /// them waits for a slot: who does lets them pass.
  var relocationCount = 0
  /// Whether something has changed since nothing was found to do.
  var isWorthALook = true
  /// Whether a slot may have become free of everything.
  var mayHaveDeadSlots = true
  /// Whether there was no place to copy to.
  var isStuck = false
  /// How many disk requests have ended since the last step: the share of the disk that reclaim
  /// has left to others.
  var completionCount = 0
  /// Who waits for a compaction, and which segments they meant.
  var compactions: [Compaction] = []
  var counters = ReclaimCounters()
  /// What is being compressed elsewhere, and how to go on with it.
  var recompressions: [RecompressionID: (inout Engine, [Recompressed]) -> Void] = [:]
  private var diedByteCount: UInt64 = 0

  /// What must have died before it is worth going through the slots again, in bytes.
  static let diedBytesWorthALook: UInt64 = 64 << 10

  mutating func noteDeath(of byteCount: UInt64) {
    isStuck = false
    diedByteCount += byteCount
    guard diedByteCount >= Self.diedBytesWorthALook else { return }
    diedByteCount = 0
    isWorthALook = true
  }

  /// Time has passed.
  mutating func tryAgain() {
    isStuck = false
    isWorthALook = true
    mayHaveDeadSlots = true
  }

  /// The segments that somebody wants compacted: those with lower ids.
  var compactedSegmentLimit: UInt64 { compactions.map(\.segmentLimit).max() ?? 0 }

  /// Those of them that are to be emptied although nothing in them is dead.
  var recompressedSegmentLimit: UInt64 {
    compactions.filter(\.recompresses).map(\.segmentLimit).max() ?? 0
  }
}

/// A caller's wish that everything with dead bytes in it is rewritten.
struct Compaction {
  let request: RequestID
  /// The segments that were there when it was asked for have lower ids than this.
  let segmentLimit: UInt64
  /// Whether segments are meant too that were not compressed again yet.
  let recompresses: Bool
  /// What the counters said then.
  let before: ReclaimCounters
}

/// What reclaim has done since the store was opened.
package struct ReclaimCounters: Hashable, Sendable {
  /// The records that were copied, and their bytes.
  package var movedRecordCount: UInt64 = 0
  package var movedByteCount: UInt64 = 0
  /// The tombstones that were copied, and those that were of no use any more.
  package var keptTombstoneCount: UInt64 = 0
  package var droppedTombstoneCount: UInt64 = 0
  /// The segments that were emptied by copying.
  package var emptiedSegmentCount: UInt64 = 0
  /// The slots that were given back, emptied or dead by themselves.
  package var freedSegmentCount: UInt64 = 0
  /// The records that could not be copied because they are damaged.
  package var damagedRecordCount: UInt64 = 0
  /// The records that were compressed again on their way, and how many bytes less they are now.
  package var recompressedRecordCount: UInt64 = 0
  package var recompressionSavedByteCount: UInt64 = 0
}

extension ReclaimCounters {
  /// What was done between two counts.
  static func - (new: ReclaimCounters, old: ReclaimCounters) -> ReclaimCounters {
    ReclaimCounters(
      movedRecordCount: new.movedRecordCount - old.movedRecordCount,
      movedByteCount: new.movedByteCount - old.movedByteCount,
      keptTombstoneCount: new.keptTombstoneCount - old.keptTombstoneCount,
      droppedTombstoneCount: new.droppedTombstoneCount - old.droppedTombstoneCount,
      emptiedSegmentCount: new.emptiedSegmentCount - old.emptiedSegmentCount,
      freedSegmentCount: new.freedSegmentCount - old.freedSegmentCount,
      damagedRecordCount: new.damagedRecordCount - old.damagedRecordCount,
      recompressedRecordCount: new.recompressedRecordCount - old.recompressedRecordCount,
      recompressionSavedByteCount: new.recompressionSavedByteCount
        - old.recompressionSavedByteCount
    )
  }
}
