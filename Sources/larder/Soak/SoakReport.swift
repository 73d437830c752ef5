/// What a soak has measured.
struct SoakReport: CustomStringConvertible {
  var killCount = 0
  var storedCount = 0
  var deletedCount = 0
  var comparedCount = 0
  var memoryByteCount: UInt64 = 0
  var openTime = Duration.zero
  var otherReads = LatencyCounts()
  var readsInReclaim = LatencyCounts()
  /// A sentence for each broken promise.
  var losses: [String] = []
  private var writtenByteCount: UInt64 = 0
  private var extraByteCount: UInt64 = 0
  private var deadShares: [Double] = []
  private var fullest: UInt64 = 0

  /// Adds what one process said, from when its store was full enough on.
  mutating func add(_ measures: [SoakMeasure]) {
    let steady = measures.filter(\.isSteady)
    guard let first = steady.first, let last = steady.last else { return }
    writtenByteCount += last.writtenByteCount - first.writtenByteCount
    extraByteCount += last.extraByteCount - first.extraByteCount
    deadShares += steady.map { Double($0.deadByteCount) / Double(max(1, $0.usedByteCount)) }
    fullest = max(fullest, steady.map(\.liveByteCount).max() ?? 0)
  }

  /// What was written for each byte that writers brought.
  var writeAmplification: Double {
    Double(writtenByteCount + extraByteCount) / Double(max(1, writtenByteCount))
  }

  /// The mean share of dead bytes.
  var deadShare: Double { deadShares.reduce(0, +) / Double(max(1, deadShares.count)) }

  /// How the 99th percentile of reads during reclaim compares with that of others; nil: too few.
  var slowdown: Double? {
    guard min(otherReads.total, readsInReclaim.total) >= 1_000,
      let other = otherReads.quantile(0.99), let during = readsInReclaim.quantile(0.99)
    else { return nil }
    return during / other
  }

  /// A sentence for each limit that was not kept.
  var failures: [String] {
    var failures = losses
    func check(_ isKept: Bool, _ sentence: String) {
      if !isKept { failures.append(sentence) }
    }
    check(!deadShares.isEmpty, "The store was never full: soak longer, or with less capacity.")
    check(deadShare <= SoakTorture.Limits.deadShare, "Too much of the store is dead.")
    check(
      writeAmplification <= SoakTorture.Limits.writeAmplification,
      "Too much is written for what is put."
    )
    check((slowdown ?? 0) <= SoakTorture.Limits.slowdown, "Reads are too slow during reclaim.")
    check(openTime <= SoakTorture.Limits.openTime, "The store takes too long to open.")
    check(
      memoryByteCount <= SoakTorture.Limits.memoryByteCount,
      "The process takes too much memory."
    )
    return failures
  }

  var description: String {
    func microseconds(_ counts: LatencyCounts) -> String {
      counts.quantile(0.99).map { "\(Int($0)) µs of \(counts.total)" } ?? "none"
    }
    return """
      \(killCount) kills, \(storedCount) blobs stored, \(deletedCount) deleted, \(comparedCount) \
      compared, \(losses.count) lost; at most \(Terminal.size(fullest)) alive, \
      \(Self.percent(deadShare)) dead on average and \
      \(Self.percent(deadShares.max() ?? 0)) at most; write amplification \
      \(Double(Int(writeAmplification * 1000)) / 1000) over \
      \(Terminal.size(writtenByteCount)); p99 of reads \(microseconds(otherReads)) without and \
      \(microseconds(readsInReclaim)) with reclaim at work; memory at most \
      \(Terminal.size(memoryByteCount)); open in at most \(openTime)
      """
  }

  private static func percent(_ share: Double) -> String { "\(Double(Int(share * 1000)) / 10) %" }
}
