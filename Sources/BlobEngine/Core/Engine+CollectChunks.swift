import Bytes
import Disk

/// Chunks that no recipe names are deleted, as blobs are: with a tombstone.
///
/// 1. A chunk that a sharing under way has asked for stays until the sharing ends.
/// 2. A chunk that a reader's recipe names stays until the reader ends, though the recipe has gone.
/// 3. A recipe that is published while others are read counts as read.
/// 4. While a recipe cannot be read no chunk goes: any may be one of its.
///
/// One read of the disk at a time, of a few hundred bytes for each recipe and for each chunk that
/// goes.
extension Engine {
  /// How many chunks are deleted at a time, to share flushes.
  private static var sweepWidth: Int { 16 }

  /// Looks for chunks of no use when it is worth it, or when room is scarce.
  mutating func collectChunksIfDue() {
    guard options.reclaims, mode == .running, sharing.deathCount > 0, sharing.collection == nil,
      sharing.isWorthCollecting || lanes.areWaiting || slots.isTight
    else { return }
    beginCollection()
  }

  /// Looks for chunks of no use now; `then` runs when all are gone.
  mutating func collectChunks(then: @escaping (inout Engine) -> Void) {
    guard sharing.chunkCount > 0 else { return then(&self) }
    sharing.waiting.append(then)
    if sharing.collection == nil { beginCollection() }
  }

  /// Whether room may come back that way.
  var chunksMayFreeSlot: Bool {
    guard mode == .running, options.reclaims, sharing.chunkCount > 0 else { return false }
    return sharing.collection != nil || sharing.deathCount > 0
  }

  private mutating func beginCollection() {
    let run = ChunkCollection(
      recipes: entries { $0.kind == .recipe },
      waiting: sharing.takeWaiting()
    )
    sharing.collection = run
    markNext(run)
  }

  private func entries(where isWanted: (IndexPlace) -> Bool) -> [ChunkCollection.Entry] {
    var found: [ChunkCollection.Entry] = []
    index.forEach { partition, entry in
      guard isWanted(entry.place) else { return }
      let key = IndexKey(partition: partition, fingerprint: entry.fingerprint)
      found.append(ChunkCollection.Entry(key: key, place: entry.place))
    }
    return found
  }

  /// Whether the index leads there still; of a recipe whose blob was deleted and is kept, too.
  private func isThere(_ entry: ChunkCollection.Entry) -> Bool {
    index.candidates(for: entry.key).contains { $0.isSameRecord(as: entry.place) }
  }

  private mutating func markNext(_ run: ChunkCollection) {
    guard mode == .running else { return end(run) }
    guard let entry = run.nextRecipe() else { return sweep(run) }
    guard isThere(entry) else { return markNext(run) }
    fetch(FetchPlace(entry.place), named: .anyRecipe, .head, fromDisk: true) { engine, outcome in
      if case .found(let fetched) = outcome {
        for source in fetched.record.items.runs.compactMap(\.source) {
          run.mark(engine.indexKey(source).fingerprint)
        }
      } else if engine.isThere(entry) {
        let slot = entry.place.slot
        engine.log(.alarm, "A recipe in slot \(slot) is damaged; no chunk is collected.")
        return engine.end(run)
      }
      engine.markNext(run)
    }
  }

  private mutating func sweep(_ run: ChunkCollection) {
    let chunks = entries { $0.flags.contains(.recipe) }
    run.sweep(chunks.filter { !run.isMarked($0.key) })
    run.underWay = Self.sweepWidth
    for _ in 0..<Self.sweepWidth { sweepNext(run) }
  }

  private mutating func sweepNext(_ run: ChunkCollection) {
    guard mode == .running, let entry = run.suspects.popLast() else {
      run.underWay -= 1
      return run.underWay == 0 ? end(run) : ()
    }
    guard isThere(entry) else { return sweepNext(run) }
    fetch(FetchPlace(entry.place), named: .anyChunk, .head, fromDisk: true) { engine, outcome in
      guard case .found(let fetched) = outcome else { return engine.sweepNext(run) }
      let key = fetched.record.head.key
      engine.change(key, .relocate { engine, group in engine.bury(entry, of: group, run) })
    }
  }

  private mutating func bury(
    _ entry: ChunkCollection.Entry,
    of group: ChangeGroup,
    _ run: ChunkCollection
  ) {
    guard mode.refusal == nil, isThere(entry), !isInUse(group.key, run, entry.key) else {
      end(group, .success(.cancelled))
      return sweepNext(run)
    }
    // The lane of other deletes may be waiting for just this room.
    lanes[.cold].queue.append(
      QueuedRecord(
        head: RecordHead(type: .tombstone, sequence: 0, key: group.key),
        ended: { engine, result in
          if case .success = result {
            engine.forgetRecord(of: group.key, at: entry.place, extents: [])
            engine.damaged[group.key] = nil
          }
          engine.end(group, .success(.cancelled))
          engine.sweepNext(run)
        }
      )
    )
  }

  private func isInUse(_ chunk: SHA256Digest, _ run: ChunkCollection, _ key: IndexKey) -> Bool {
    guard !breakages.contains(.collectChunksInUse) else { return false }
    return run.isMarked(key) || sharing.runs.values.contains { $0.chunks.contains(chunk) }
      || readers.values.contains { $0.recipe?.uses(chunk) ?? false }
  }

  private mutating func end(_ run: ChunkCollection) {
    sharing.collection = nil
    reclaim.isWorthALook = true
    reclaim.isStuck = false
    lanes.stopWaiting()
    for waiting in run.waiting { waiting(&self) }
    if !sharing.waiting.isEmpty { beginCollection() }
  }
}
