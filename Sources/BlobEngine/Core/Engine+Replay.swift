import Bytes
import Disk

/// From what the log says to an index that shows it.
extension Engine {
  /// Reads the footers that replay needs, one after the other.
  mutating func readFooters(_ numbers: ArraySlice<UInt32>, _ recovery: Recovery) {
    guard let number = numbers.first else { return replay(recovery) }
    let rest = numbers.dropFirst()
    guard let trailer = recovery.trailers[number], recovery.needsFooter(of: trailer),
      let place = slots[number].segment?.footer
    else { return readFooters(rest, recovery) }
    let noted = FooterNotes(changeCount: recovery.changes.count)
    let segment = slots[number].segment?.id ?? 0
    scanFooter(place, of: number) { engine, entry in
      noted.tombstoneCount += entry.type == .tombstone ? 1 : 0
      noted.touchCount += entry.type == .touch ? 1 : 0
      engine.collect(entry, number, segment, recovery)
    } then: { engine, isWhole in
      guard isWhole else {
        recovery.changes.removeSubrange(noted.changeCount...)
        return engine.walkInstead(number, trailer, rest, recovery)
      }
      engine.slots[number].segment?.tombstoneCount = noted.tombstoneCount
      engine.slots[number].segment?.touchCount = noted.touchCount
      engine.readFooters(rest, recovery)
    }
  }

  /// Takes note of what a footer or a walk lists.
  func collect(_ entry: FooterEntry, _ slot: UInt32, _ segment: UInt64, _ recovery: Recovery) {
    guard recovery.isNews(entry) else { return }
    recovery.collect(entry, slot: slot, segment: segment, indexKey(entry.key))
  }

  /// A footer is damaged: the batches say what was in it, and a new one is written later.
  private mutating func walkInstead(
    _ number: UInt32,
    _ trailer: Trailer,
    _ rest: ArraySlice<UInt32>,
    _ recovery: Recovery
  ) {
    log(.alarm, "The footer of slot \(number) is damaged; its batches are read instead.")
    walk(number) { engine, walk in
      if let walk {
        if walk.segment.batchCount < trailer.batchCount {
          walk.condemnTail(upTo: trailer.lastSequence + 1)
        }
        if walk.segment.recordCount < trailer.recordCount { walk.condemnHoles() }
        engine.slots[number].state = .closed
        engine.settle(walk, recovery)
      }
      engine.readFooters(rest, recovery)
    }
  }

  /// Applies all changes, partition by partition: each is small enough for a processor's cache,
  /// where all together they are not.
  ///
  /// Of a partition's changes the later one wins, and of two copies the one in the younger segment.
  private mutating func replay(_ recovery: Recovery) {
    var (changes, ends) = recovery.takeChanges()
    checkpoints.logRecordCount = changes.count
    var start = 0
    for end in ends where start < end {
      changes[start..<end].sort { ($0.sequence, $0.segment) < ($1.sequence, $1.segment) }
      checkpoints.markDirty(changes[start].key.partition)
      for change in changes[start..<end] { apply(change) }
      start = end
    }
    for partition in recovery.rebuilt
    where index.partition(partition).count > 0 || checkpoints.files[Int(partition)].areThere {
      checkpoints.markDirty(partition)
    }
    for (key, damage) in recovery.damagedKeys { noteIfCurrent(damage, to: key) }
    setAsideUnreadable(countRecords(), recovery)
    flushWalked(recovery)
  }

  /// Applies one change.
  ///
  /// Entries of equal fingerprint are taken for the same blob here, since keys of older entries
  /// are on the disk: of 10^8 blobs some pair shares its 64 bits with a chance of 3 in 10,000,
  /// and only if one of the two changed since the checkpoint does it matter.
  private mutating func apply(_ change: ReplayedChange) {
    nextSequence = max(nextSequence, change.sequence + 1)
    if let place = change.place {
      index.put(change.key, place)
    } else if let old = index.candidate(for: change.key) {
      bury(change.key, old)
    }
  }

  /// Applies a tombstone; how old it is, and so whether its delay is over, is found out later.
  ///
  /// Chunks have no delay: what needs them keeps them.
  private mutating func bury(_ key: IndexKey, _ old: IndexPlace) {
    if delaysDeletes, !old.flags.contains(.recipe) {
      index.replace(key, old, with: old.deleted(true))
    } else {
      index.remove(key, old)
    }
  }

  /// Damage found in a walk counts if the index leads to it.
  private mutating func noteIfCurrent(_ damage: BlobDamage, to key: SHA256Digest) {
    let place = index.candidate(for: indexKey(key))
    guard let place, place.slot == damage.slot, place.offset == damage.offset else { return }
    noteDamage(damage, to: key)
  }

  /// Counts what is alive in each slot, and returns the offset of the last record there.
  private mutating func countRecords() -> [Int?] {
    var counted = [LiveBytes](repeating: LiveBytes(), count: slots.numbers.count)
    var reaches = [Int?](repeating: nil, count: slots.numbers.count)
    index.forEach { _, entry in
      let place = entry.place
      if place.kind == .blobOf { uncounted.insert(place.deleted(false)) }
      if place.isDeleted { delayed.add(record: place.readByteCount) }
      sharing.count(place, 1)
      guard slots.contains(place.slot) else { return }
      let number = Int(place.slot)
      counted[number].add(record: place.readByteCount)
      reaches[number] = max(reaches[number] ?? 0, Int(place.offset))
    }
    for number in slots.numbers {
      slots[number].live = counted[Int(number)]
      // What this open knows is not on the disk before its first checkpoint.
      slots[number].diedAfterCheckpoint = checkpoints.lastStarted
    }
    return reaches
  }

  /// What a checkpoint vouches for was committed.
  ///
  /// Where the index leads to a place that no walk has reached, there is damage and not the work of
  /// a crash: nothing is written there, and the records are read one by one.
  private mutating func setAsideUnreadable(_ reaches: [Int?], _ recovery: Recovery) {
    for number in slots.numbers {
      guard let reach = reaches[Int(number)] else { continue }
      restore(number, recovery)
      let state = slots[number].state
      guard state == .free || state == .closed else { continue }
      guard let end = slots[number].segment?.end else {
        slots[number].state = .lost
        recovery.damagedBatchCount += 1
        log(.alarm, "Nothing in slot \(number) can be read any more; it is left alone.")
        continue
      }
      let isKnown = slots[number].segment?.damagedRanges.contains { $0.contains(reach) } ?? false
      guard reach >= end, !isKnown else { continue }
      slots[number].segment?.damagedRanges.append(end..<limits.segmentByteCount)
      recovery.damagedBatchCount += 1
      log(.alarm, "Slot \(number) is damaged from offset \(end) on; it takes no more batches.")
    }
  }

  /// Takes a segment up again in which no batch verifies, since the index leads to records in it.
  private mutating func restore(_ number: UInt32, _ recovery: Recovery) {
    guard slots[number].state == .free, let segment = recovery.emptied[number] else { return }
    slots[number].segment = segment
    slots[number].state = .closed
    slotOfSegment[segment.id] = number
  }

  /// What was found by walking may be in the device's cache only; the next power cut must not
  /// take back what is served from now on.
  private mutating func flushWalked(_ recovery: Recovery) {
    let walked = slots.numbers.filter { slots[$0].state == .closed }
    var flushes = walked.map { DiskOperation.flush(.slot($0)) }
    // Names and sizes too: a process that was killed may have left them in the cache.
    let files = recovery.files.keys.filter { if case .checkpoint = $0 { true } else { false } }
    flushes += files.map { .flush($0) }
    flushes.append(.flushDirectory(of: .slot(0)))
    if let file = files.first { flushes.append(.flushDirectory(of: file)) }
    submitAll(flushes) { engine, results in
      for case .failure(let error) in results {
        return engine.fail(recovery.request, .disk(DiskFailure(error)))
      }
      engine.resumeLanes(recovery)
      engine.finishOpening(recovery)
    }
  }

  /// After a close a lane goes on behind its last batch; after a crash it begins a fresh segment.
  ///
  /// It goes on after a crash too where there are no slots to begin with: what is left of the open
  /// segments may be all that a full store has for deletes and for copies.
  private mutating func resumeLanes(_ recovery: Recovery) {
    let goesOn = recovery.wasClean || slots.freeCount < SlotTable.reserve
    for lane in Lane.allCases {
      let mine = slots.numbers.filter {
        slots[$0].segment?.lane == lane && (slots[$0].segment?.batchCount ?? 0) > 0
      }
      let newest = mine.max {
        (slots[$0].segment?.id ?? 0) < (slots[$1].segment?.id ?? 0)
      }
      guard let newest, let segment = slots[newest].segment else { continue }
      lanes[lane].lastDigest = segment.lastDigest
      guard goesOn, !segment.hasHoles, slots[newest].state == .closed,
        segment.damagedRanges.isEmpty,
        recovery.damagedBatchCount == 0
      else { continue }
      slots[newest].state = .open
      lanes[lane].active = newest
    }
  }
}

extension IndexPlace {
  /// Where the index should lead after a record; nil: nowhere.
  init?(_ entry: FooterEntry, in slot: UInt32) {
    guard entry.type != .tombstone else { return nil }
    let place = IndexPlace(
      slot: slot,
      offset: entry.offset,
      recordByteCount: UInt64(entry.recordByteCount),
      kind: IndexKind(entry.type),
      flags: IndexFlags(entry.flags)
    )
    self = place.deleted(entry.flags.contains(.deleted))
  }
}

/// What is counted while a footer is gone through.
private final class FooterNotes {
  /// The changes that were known before.
  let changeCount: Int
  var tombstoneCount = 0
  var touchCount = 0

  init(changeCount: Int) { self.changeCount = changeCount }
}
