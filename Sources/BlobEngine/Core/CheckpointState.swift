/// How far the index is written down.
struct CheckpointState {
  /// The id of the newest checkpoint that was begun.
  var lastStarted: UInt64 = 0
  /// The id of the newest checkpoint that the superblock names.
  var lastFinished: UInt64 = 0
  /// The bytes of batches since that one began.
  var logByteCount: UInt64 = 0
  /// The records in them, and those that the open replayed.
  var logRecordCount = 0
  /// Whether one is under way.
  var isUnderWay = false
  /// Whether something waits for one, such as a full store with dead slots.
  var isWanted = false
  /// Whether the last one failed, so that nobody should wait for the next.
  var hasFailed = false
  /// Who waits for the next one to finish.
  var waiting: [RequestID] = []
  /// What the superblock is to announce with the next one.
  var features = FeatureWords()
  /// The room that is left in the partitions' files.
  var room = CheckpointRoom()
  /// The partitions that changed since they were last written.
  private(set) var dirty = PartitionSet()
  /// The file of each partition that counts, and the two files' lengths.
  var files = [PartitionFiles](repeating: PartitionFiles(), count: StoreFormat.partitionCount)

  mutating func markDirty(_ partition: UInt8) { dirty.insert(partition) }

  mutating func clean(_ partition: UInt8) { dirty.remove(partition) }
}

/// Some of the index's partitions: a bit for each, since one is marked with every change.
struct PartitionSet {
  private var words = InlineArray<4, UInt64>(repeating: 0)

  var count: Int { words.indices.reduce(0) { $0 + words[$1].nonzeroBitCount } }

  /// The members, in order.
  var members: [UInt8] { (0...UInt8.max).filter { contains($0) } }

  func contains(_ partition: UInt8) -> Bool {
    words[Int(partition >> 6)] >> UInt64(partition & 63) & 1 == 1
  }

  mutating func insert(_ partition: UInt8) {
    words[Int(partition >> 6)] |= 1 << UInt64(partition & 63)
  }

  mutating func remove(_ partition: UInt8) {
    words[Int(partition >> 6)] &= ~(1 << UInt64(partition & 63))
  }
}

/// The two generations of a partition on disk.
struct PartitionFiles {
  /// Which of the two holds what counts, if any does.
  var current: Bool?
  /// How long each file is, in bytes; nil: there is none.
  var byteCounts: [UInt64?] = [nil, nil]
  /// Raised each time that the partition is written.
  var generation: UInt64 = 0

  /// The one to write next.
  var next: Bool { current.map { !$0 } ?? false }

  /// Whether there is one at least.
  var areThere: Bool { byteCounts.contains { $0 != nil } }

  /// What fits into both, in bytes.
  var commonByteCount: UInt64 { byteCounts.map { $0 ?? 0 }.min() ?? 0 }

  subscript(second: Bool) -> UInt64? {
    get { byteCounts[second ? 1 : 0] }
    set { byteCounts[second ? 1 : 0] = newValue }
  }
}
