import BlobEngine

/// What a soaking process says of its store once a second; bytes since it was opened, but for the
/// last four.
struct SoakMeasure: Sendable {
  /// Whether the store has been filled and reclaim has begun.
  var isSteady = false
  /// What the blobs have that were put.
  var payloadByteCount: UInt64 = 0
  /// What was written for the writers: payload, heads, tombstones, and what fills pages up.
  var writtenByteCount: UInt64 = 0
  var paddingByteCount: UInt64 = 0
  var tombstoneByteCount: UInt64 = 0
  /// What reclaim, checkpoints, and the tables of segments have taken.
  var movedByteCount: UInt64 = 0
  var checkpointByteCount: UInt64 = 0
  var tableByteCount: UInt64 = 0
  /// What the kernel says that this process has written to a disk (proc_pid_io(5)).
  var kernelByteCount: UInt64 = 0
  var deadByteCount: UInt64 = 0
  var emptiedByteCount: UInt64 = 0
  var usedByteCount: UInt64 = 0
  var liveByteCount: UInt64 = 0

  init() {}

  init(_ usage: StoreUsage, payload: UInt64, kernel: UInt64, isSteady: Bool) {
    self.isSteady = isSteady
    payloadByteCount = payload
    kernelByteCount = kernel
    writtenByteCount = usage.writtenByteCount
    paddingByteCount = usage.paddingByteCount
    tombstoneByteCount = usage.tombstoneByteCount
    movedByteCount = usage.movedByteCount
    checkpointByteCount = usage.checkpointByteCount
    tableByteCount = usage.tableByteCount
    deadByteCount = usage.deadByteCount
    emptiedByteCount = usage.emptiedByteCount
    usedByteCount = usage.usedByteCount
    liveByteCount = usage.liveByteCount
  }

  /// What only grows.
  private static var totals: [WritableKeyPath<SoakMeasure, UInt64>] {
    [
      \.payloadByteCount, \.writtenByteCount, \.paddingByteCount, \.tombstoneByteCount,
      \.movedByteCount, \.checkpointByteCount, \.tableByteCount, \.kernelByteCount,
    ]
  }

  private static var numbers: [WritableKeyPath<SoakMeasure, UInt64>] {
    totals + [\.deadByteCount, \.emptiedByteCount, \.usedByteCount, \.liveByteCount]
  }

  /// Adds what has come about between two measures of one process.
  mutating func add(from first: SoakMeasure, to last: SoakMeasure) {
    for total in Self.totals {
      self[keyPath: total] += last[keyPath: total] - first[keyPath: total]
    }
  }

  /// The share of the bytes in segments that these are.
  func share(_ part: KeyPath<SoakMeasure, UInt64>) -> Double {
    Double(self[keyPath: part]) / Double(max(1, usedByteCount))
  }

  var text: String {
    (["\(isSteady ? 1 : 0)"] + Self.numbers.map { "\(self[keyPath: $0])" }).joined(separator: " ")
  }

  /// Reads what ``text`` wrote, or nil.
  init?(words: some Sequence<Substring>) {
    let values = words.compactMap { UInt64($0) }
    guard values.count == Self.numbers.count + 1 else { return nil }
    isSteady = values[0] == 1
    for (number, value) in zip(Self.numbers, values.dropFirst()) { self[keyPath: number] = value }
  }
}
