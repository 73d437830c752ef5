import BlobEngine

/// What a soaking process says of its store once a second.
struct SoakMeasure: Sendable {
  /// Whether the store has been filled and blobs come and go.
  var isSteady = false
  var writtenByteCount: UInt64 = 0
  /// What reclaim and checkpoints have written.
  var extraByteCount: UInt64 = 0
  var deadByteCount: UInt64 = 0
  var usedByteCount: UInt64 = 0
  var liveByteCount: UInt64 = 0

  init(_ usage: StoreUsage, isSteady: Bool) {
    self.isSteady = isSteady
    writtenByteCount = usage.writtenByteCount
    extraByteCount = usage.movedByteCount + usage.checkpointByteCount
    deadByteCount = usage.deadByteCount
    usedByteCount = usage.usedByteCount
    liveByteCount = usage.liveByteCount
  }

  var text: String {
    let numbers = [
      isSteady ? 1 : 0, writtenByteCount, extraByteCount, deadByteCount, usedByteCount,
      liveByteCount,
    ]
    return numbers.map { "\($0)" }.joined(separator: " ")
  }

  /// Reads what ``text`` wrote, or nil.
  init?(words: some Sequence<Substring>) {
    let numbers = words.compactMap { UInt64($0) }
    guard numbers.count == 6 else { return nil }
    isSteady = numbers[0] == 1
    writtenByteCount = numbers[1]
    extraByteCount = numbers[2]
    deadByteCount = numbers[3]
    usedByteCount = numbers[4]
    liveByteCount = numbers[5]
  }
}
