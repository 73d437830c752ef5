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
  /// What was written while the store was full.
  private var total = SoakMeasure()
  private var deadShares: [Double] = []
  private var emptiedShares: [Double] = []
  private var fullest: UInt64 = 0

  /// Adds what one process said, from when its store was full enough on.
  mutating func add(_ measures: [SoakMeasure]) {
    let steady = measures.filter(\.isSteady)
    guard let first = steady.first, let last = steady.last else { return }
    total.add(from: first, to: last)
    deadShares += steady.map { $0.share(\.deadByteCount) }
    emptiedShares += steady.map { $0.share(\.emptiedByteCount) }
    fullest = max(fullest, steady.map(\.liveByteCount).max() ?? 0)
  }

  /// What the engine wrote for each byte of the blobs that were put, whatever it was for.
  var writeAmplification: Double {
    perByte(
      total.writtenByteCount + total.movedByteCount + total.checkpointByteCount
        + total.tableByteCount
    )
  }

  private func perByte(_ count: UInt64) -> Double {
    Double(count) / Double(max(1, total.payloadByteCount))
  }

  /// The mean share of dead bytes.
  var deadShare: Double { Self.mean(deadShares) }

  private static func mean(_ shares: [Double]) -> Double {
    shares.reduce(0, +) / Double(max(1, shares.count))
  }

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
      \(Self.percent(deadShares.max() ?? 0)) at most, \(Self.percent(Self.mean(emptiedShares))) \
      more emptied and waiting for a checkpoint; write amplification \
      \(Self.rounded(writeAmplification)) over \(Terminal.size(total.payloadByteCount)) \
      (\(parts)); p99 of reads \(microseconds(otherReads)) without and \
      \(microseconds(readsInReclaim)) with reclaim at work; memory at most \
      \(Terminal.size(memoryByteCount)); open in at most \(openTime)
      """
  }

  /// What the write amplification is made of beside the blobs themselves.
  private var parts: String {
    let heads =
      total.writtenByteCount
      - min(
        total.writtenByteCount,
        total.payloadByteCount + total.paddingByteCount + total.tombstoneByteCount
      )
    let parts: [(String, UInt64)] = [
      ("copies", total.movedByteCount), ("checkpoints", total.checkpointByteCount),
      ("padding", total.paddingByteCount), ("heads", heads),
      ("tombstones", total.tombstoneByteCount), ("tables", total.tableByteCount),
    ]
    return parts.map { "\($0) \(Self.rounded(perByte($1)))" }.joined(separator: ", ")
      + "; by the kernel's count \(Self.rounded(perByte(total.kernelByteCount))) in all"
  }

  private static func rounded(_ ratio: Double) -> Double { Double(Int(ratio * 1000)) / 1000 }

  private static func percent(_ share: Double) -> String { "\(Double(Int(share * 1000)) / 10) %" }
}
