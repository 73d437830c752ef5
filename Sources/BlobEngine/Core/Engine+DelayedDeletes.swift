import Bytes

/// Deletes with a delay: the bytes are kept until it is over, and the blob can be had back.
///
/// ```
///   there ──▶ tombstone, durable ──▶ deleted, kept ──▶ delay over, or the store is full ──▶ dead
///     ▲                                    │
///     └── undelete: a new record ◀─────────┤
///     └── put: the new bytes ◀─────────────┘
/// ```
///
/// To readers the blob is gone at once. The index goes on leading to it, with a bit that says so,
/// and its bytes count as alive: reclaim copies them like others. What brings it back is a record
/// with a sequence of its own, which is later than the tombstone's: a replay needs no rule for it.
/// The delay is measured by the tombstone's place in the log, and is exceeded by up to a
/// sixty-fourth.
extension Engine {
  var delaysDeletes: Bool { options.deletionDelayMilliseconds > 0 }

  /// Deletes with this sequence or a later one are younger than the delay.
  private var delaySequence: UInt64 {
    delayed.marks.sequence(at: now - min(now, options.deletionDelayMilliseconds))
  }

  /// The tombstone of a blob is durable: its bytes are kept, or given up where there is no delay.
  mutating func endDelete(
    of key: SHA256Digest,
    at place: IndexPlace,
    extents: [ExtentReference],
    tombstone: RecordPlace
  ) {
    damaged[key] = nil
    guard delaysDeletes else { return forgetRecord(of: key, at: place, extents: extents) }
    let entry = indexKey(key)
    guard index.replace(entry, place, with: place.deleted(true)) else { return }
    checkpoints.markDirty(entry.partition)
    addDeleted(key, at: place)
    delayed.append(key, sequence: tombstone.sequence)
  }

  /// Counts a deleted blob with what it takes in the log, as far as its extents are known.
  mutating func addDeleted(_ key: SHA256Digest, at place: IndexPlace) {
    delayed.add(record: place.readByteCount)
    if place.kind == .blobOf { recountDeleted(key) }
  }

  /// Counts a deleted blob out; `key` may be unknown of one that is no large one.
  mutating func removeDeleted(_ key: SHA256Digest?, at place: IndexPlace) {
    delayed.remove(record: place.readByteCount)
    if let key { delayed.setExtents(of: key, 0) }
  }

  /// Counts the extents of a deleted blob as its owner has them now.
  mutating func recountDeleted(_ key: SHA256Digest) {
    delayed.setExtents(of: key, extentOwners.byteCount(of: key))
  }

  /// Finds where the bytes of a deleted blob are kept; nearly always nowhere, which costs nothing.
  func deletedPlace(of key: SHA256Digest) -> IndexPlace? {
    guard delayed.blobCount > 0 else { return nil }
    return index.candidates(for: indexKey(key)).first { $0.isDeleted }
  }

  // MARK: Undelete

  /// Lets a deleted blob be there again.
  mutating func undelete(_ group: ChangeGroup) {
    guard delayed.areKnown else {
      return delayed.wait { engine in engine.undelete(group) }
    }
    if let refusal = mode.refusal { return end(group, .failure(refusal)) }
    find(group.key, .head) { engine, finding in
      switch finding {
      // Whoever wants it back is about to refer to it.
      case .found(let fetched, _): engine.touch(group, BlobInfo(fetched.record))
      case .damaged(let damage, _):
        engine.end(group, .failure(.damaged(key: group.key, damage)))
      case .absent: engine.revive(group)
      }
    }
  }

  private mutating func revive(_ group: ChangeGroup) {
    if let damage = damaged[group.key] {
      return end(group, .failure(.damaged(key: group.key, damage)))
    }
    find(group.key, .logical(nil), among: .deleted) { engine, finding in
      switch finding {
      case .absent: engine.end(group, .success(.absent))
      case .damaged(let damage, _):
        engine.end(group, .failure(.damaged(key: group.key, damage)))
      case .found(let fetched, let place):
        guard engine.hasRoom(for: Int(fetched.record.head.storedByteCount)) else {
          return engine.end(group, .failure(.storageFull))
        }
        engine.rewrite(group, fetched, place, with: PreparedDigests())
      }
    }
  }

  // MARK: The end of the delay

  /// How long a runner may leave the engine without a tick; nil: for ever.
  package var patience: Duration? {
    guard delaysDeletes, delayed.blobCount > 0 else { return nil }
    guard !delayed.areOverdue else { return .seconds(1) }
    let mark = options.deletionDelayMilliseconds / delayed.marks.density
    return .milliseconds(min(60_000, max(1_000, mark)))
  }

  /// Gives up what was deleted so long ago that the delay is over: in some milliseconds, and the
  /// rest at the next tick.
  mutating func giveUpOverdue() {
    delayed.areOverdue = false
    guard delaysDeletes, delayed.areKnown, delayed.blobCount > 0 else { return }
    let limit = delaySequence
    for _ in 0..<4096 {
      guard let delete = delayed.takeOldest(before: limit) else { return }
      giveUp(delete)
    }
    delayed.areOverdue = true
  }

  /// Makes room by giving up the oldest of what is kept, up to a segment's bytes.
  ///
  /// - Returns: false when nothing is kept that may be given up.
  mutating func giveUpOldest() -> Bool {
    guard mayGiveUpEarly else { return false }
    let (blobs, bytes) = (delayed.blobCount, delayed.byteCount)
    var isAny = false
    while delayed.byteCount + superblock.segmentByteCount > bytes,
      let delete = delayed.takeOldest()
    {
      isAny = true
      giveUp(delete)
    }
    let count = blobs - delayed.blobCount
    delayed.earlyCount += UInt64(count)
    if count > 0 {
      log(
        .alarm,
        "The store is full: \(count) deleted blobs, \(bytes - delayed.byteCount) bytes, are "
          + "given up before their delay is over."
      )
    }
    return isAny
  }

  /// Whether room may come back that way.
  var mayGiveUpEarly: Bool {
    !options.keepsDeletedWhenFull && delayed.areKnown && !delayed.isEmpty
  }

  /// The bytes of a deleted blob are of use no more, once no change of its key is under way.
  ///
  /// Such a change may bring the blob back, and a later delete, whose delay is its own.
  private mutating func giveUp(_ delete: DelayedDeletes.Delete) {
    let key = delete.key
    let change = KeyChange.relocate { engine, group in
      if engine.delayed.isCurrent(delete), let place = engine.deletedPlace(of: key) {
        engine.forgetRecord(of: key, at: place, extents: [])
        engine.damaged[key] = nil
      }
      engine.end(group, .success(.cancelled))
    }
    self.change(key, change)
  }

  // MARK: After an open

  mutating func beginLearningDeletes() { delayed.youngSequence = delaySequence }

  /// Takes note of a tombstone that an open has met.
  mutating func learnDelete(_ entry: FooterEntry) {
    guard delaysDeletes, entry.type == .tombstone, entry.sequence >= delayed.youngSequence,
      deletedPlace(of: entry.key) != nil, !breakages.contains(.forgetDelays)
    else { return }
    delayed.learn(entry.key, sequence: entry.sequence)
  }

  /// All young tombstones are known: what has none was deleted longer ago than the delay.
  mutating func endLearningDeletes() {
    let young = Set(delayed.learnedKeys.map { indexKey($0) })
    var stale: [(IndexKey, IndexPlace)] = []
    if delayed.blobCount > 0 {
      index.forEach { partition, entry in
        let key = IndexKey(partition: partition, fingerprint: entry.fingerprint)
        if entry.place.isDeleted, !young.contains(key) { stale.append((key, entry.place)) }
      }
    }
    forgetStale(stale[...])
  }

  /// Forgets what is stale, one after the other: of a large blob the key has to be read.
  private mutating func forgetStale(_ stale: ArraySlice<(IndexKey, IndexPlace)>) {
    var stale = stale
    while let (_, place) = stale.first, place.kind != .blobOf, let (key, _) = stale.popFirst() {
      forgetDeleted(key, place)
    }
    guard let (key, place) = stale.popFirst() else {
      for waiting in delayed.endLearning() { waiting(&self) }
      return
    }
    fetch(FetchPlace(place), named: .anyList, .head) { engine, outcome in
      if case .found(let fetched) = outcome {
        engine.forgetDeleted(key, place, owner: fetched.record.head.key)
      }
      engine.forgetStale(stale)
    }
  }

  private mutating func forgetDeleted(
    _ key: IndexKey,
    _ place: IndexPlace,
    owner: SHA256Digest? = nil
  ) {
    let isThere = index.candidates(for: key).contains {
      $0.isDeleted && $0.isSameRecord(as: place)
    }
    if isThere { forgetRecord(key, of: owner, at: place, extents: []) }
  }
}
