import Bytes

/// The deleted blobs whose bytes are kept, in the order of their deletes.
///
/// The index says which they are, and a checkpoint with it; when they were deleted say their
/// tombstones, which are read after an open. 40 bytes of memory for each.
struct DelayedDeletes {
  struct Delete {
    let key: SHA256Digest
    /// That of the tombstone.
    let sequence: UInt64
  }

  /// How far the log was when, as far back as the delay.
  var marks = TimeMarks(density: 64)
  /// The deletes, the oldest first; those before `first` are done with.
  private var deletes: [Delete] = []
  private var first = 0
  /// The blobs that came back since their delete, and how far the log was then: what `deletes` has
  /// of them from before is void.
  private var revived: [SHA256Digest: UInt64] = [:]
  /// Tombstones with this sequence or a later one were younger than the delay at the open.
  var youngSequence: UInt64 = 0
  /// What a search after the open has found so far: the newest tombstone of each key.
  private var learned: [SHA256Digest: UInt64] = [:]
  /// Whether the deletes before this open are known; until then nothing is undeleted or given up.
  private(set) var areKnown = false
  /// Who waits until they are.
  private var waiting: [(inout Engine) -> Void] = []

  /// The deleted blobs that the index leads to.
  private(set) var blobCount = 0
  /// What their records take in the log, in bytes.
  private var recordByteCount: UInt64 = 0
  /// What the extents of large ones take, as far as their lists were read since the open.
  private var extentByteCounts: [SHA256Digest: UInt64] = [:]
  private var extentByteCount: UInt64 = 0
  /// Whether some are kept although their delay is over.
  var areOverdue = false
  /// How many were given up before their delay was over, because the store was full.
  var earlyCount: UInt64 = 0

  /// What they take in the log, in bytes.
  var byteCount: UInt64 { recordByteCount + extentByteCount }

  /// The large ones among them whose extents are counted.
  var largeKeys: Dictionary<SHA256Digest, UInt64>.Keys { extentByteCounts.keys }

  /// Counts the record of a blob that is deleted now.
  mutating func add(record byteCount: UInt64) {
    blobCount += 1
    recordByteCount += byteCount
  }

  /// Counts the record of a blob out that is not there any more as a deleted one.
  mutating func remove(record byteCount: UInt64) {
    precondition(blobCount > 0 && recordByteCount >= byteCount, "what goes was counted")
    blobCount -= 1
    recordByteCount -= byteCount
  }

  /// Notes what the extents of a deleted blob take; 0: it has none, or is no longer deleted.
  mutating func setExtents(of key: SHA256Digest, _ byteCount: UInt64) {
    let before = extentByteCounts.removeValue(forKey: key) ?? 0
    if byteCount > 0 { extentByteCounts[key] = byteCount }
    extentByteCount += byteCount
    extentByteCount -= before
  }

  /// A blob was deleted.
  mutating func append(_ key: SHA256Digest, sequence: UInt64) {
    deletes.append(Delete(key: key, sequence: sequence))
  }

  /// A deleted blob is there again, or another copy is in its place.
  mutating func revive(_ key: SHA256Digest, at sequence: UInt64) { revived[key] = sequence }

  /// Whether nothing is left to be taken out.
  var isEmpty: Bool { first == deletes.count }

  /// Takes the oldest delete out, if its tombstone's sequence is lower than `sequence`.
  mutating func takeOldest(before sequence: UInt64 = .max) -> Delete? {
    while first < deletes.count, deletes[first].sequence < sequence {
      let oldest = deletes[first]
      first += 1
      dropDone()
      guard isCurrent(oldest) else { continue }
      return oldest
    }
    return nil
  }

  /// Whether the blob has not come back since.
  func isCurrent(_ delete: Delete) -> Bool {
    revived[delete.key].map { delete.sequence >= $0 } ?? true
  }

  /// Gives memory back when half of it is of no use.
  private mutating func dropDone() {
    guard first >= 1024, first * 2 >= deletes.count else { return }
    deletes.removeFirst(first)
    first = 0
    let oldest = deletes.first?.sequence ?? .max
    revived = revived.filter { $0.value > oldest }
  }

  // MARK: After an open

  /// Takes note of a tombstone that is younger than the delay.
  mutating func learn(_ key: SHA256Digest, sequence: UInt64) {
    learned[key] = max(learned[key] ?? 0, sequence)
  }

  /// The keys of which one was found.
  var learnedKeys: Dictionary<SHA256Digest, UInt64>.Keys { learned.keys }

  /// Ends the search, and returns who waited for its end.
  mutating func endLearning() -> [(inout Engine) -> Void] {
    let found = learned.map { Delete(key: $0.key, sequence: $0.value) }
    deletes = found.sorted { $0.sequence < $1.sequence } + deletes[first...]
    first = 0
    learned = [:]
    areKnown = true
    defer { waiting = [] }
    return waiting
  }

  /// Has something done when the deletes before this open are known.
  mutating func wait(_ then: @escaping (inout Engine) -> Void) { waiting.append(then) }
}
