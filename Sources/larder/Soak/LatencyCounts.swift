/// How many reads took how long, in steps of a tenth.
struct LatencyCounts: Sendable {
  private(set) var counts: [Int: Int] = [:]

  /// The reads counted.
  var total: Int { counts.values.reduce(0, +) }

  private static let step = 1.1

  mutating func add(_ duration: Duration) {
    let parts = duration.components
    var (bound, bucket) = (1.0, 0)
    let microseconds = Double(parts.seconds) * 1e6 + Double(parts.attoseconds) / 1e12
    while bound < microseconds {
      bound *= Self.step
      bucket += 1
    }
    counts[bucket, default: 0] += 1
  }

  mutating func add(_ other: LatencyCounts) {
    for (bucket, count) in other.counts { counts[bucket, default: 0] += count }
  }

  /// The microseconds that this share of the reads, from 0 to 1, did not exceed; nil: no reads.
  func quantile(_ share: Double) -> Double? {
    var missing = Int((Double(total) * share).rounded(.up))
    guard missing > 0 else { return nil }
    var bound = 1.0
    for bucket in 0...(counts.keys.max() ?? 0) {
      missing -= counts[bucket] ?? 0
      if missing <= 0 { return bound }
      bound *= Self.step
    }
    return nil
  }

  /// The counts as words, such as `31:7`.
  var text: String {
    counts.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " ")
  }

  init() {}

  /// Reads what ``text`` wrote, or nil.
  init?(words: some Sequence<Substring>) {
    for word in words {
      let sides = word.split(separator: ":").compactMap { Int($0) }
      guard sides.count == 2 else { return nil }
      counts[sides[0], default: 0] += sides[1]
    }
  }
}
