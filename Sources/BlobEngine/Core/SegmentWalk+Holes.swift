import Codec

/// Ranges in which nothing verifies although something valid follows: holes that a crash left while
/// several batches were under way, or damage.
extension SegmentWalk {
  /// Whether the first batch behind a hole was written when what is missing was durable.
  ///
  /// A batch names the last one that was durable when it was laid out: if that is not one that came
  /// before the hole, it stood in the hole.
  func isDamage(_ hole: Hole, before head: BatchHead) -> Bool {
    guard segment.lane == .large, hole.number > 0, !hole.range.isEmpty else { return true }
    return number(ofBatch: head.previousDigest) == nil
  }

  /// Takes a hole for the work of a crash, for now.
  func keep(_ hole: Hole) {
    segment.hasHoles = true
    holes.append(hole)
  }

  /// Condemns the holes that a batch proves to have been durable, one way or the other: it names a
  /// batch behind them, or one that must have stood in one of them.
  func proveHoles(by head: BatchHead) {
    guard !holes.isEmpty else { return }
    let durable = number(ofBatch: head.previousDigest) ?? .max
    let proven = holes.filter { $0.number <= durable }
    holes.removeAll { $0.number <= durable }
    for hole in proven { condemn(hole) }
  }

  /// Whatever is missing was durable once: a table of contents lists more than was found.
  func condemnHoles() {
    let proven = holes
    holes = []
    for hole in proven { condemn(hole) }
  }

  func condemn(_ hole: Hole) {
    damagedBatchCount += hole.batchCount
    segment.damagedRanges.append(hole.range)
    salvage(hole.pages, hole.range, sequences: hole.sequences)
    segment.entries.sort { $0.offset < $1.offset }
  }
}

/// What does not verify between two good batches.
struct Hole {
  let range: Range<Int>
  /// What stands there.
  let pages: [SuspectPage]
  /// The number of the first batch that is missing.
  let number: UInt32
  let batchCount: Int
  /// Those that are missing.
  let sequences: Range<UInt64>
}
