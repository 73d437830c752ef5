import Bytes
import Disk

/// Reclaim: the live records of a segment are copied, then its slot is used again.
///
/// ```
///  choose ──▶ read and verify ──▶ copy to the cold lane, flushed ──▶ switch the index
///                                                                        │
///    free ◀── header gone ◀── checkpoint finished since ◀── emptied ◀────┘
/// ```
///
/// A crash at any point loses nothing: until the checkpoint after the switch, the segment is there
/// and the index on the disk leads to it; copies that no checkpoint knows are dead bytes. Copies
/// keep their sequences, so that a delete that comes while a blob is copied is later than
/// either copy. One segment at a time, one step at a time; the cost of a step is bounded by
/// ``EngineLimits/reclaimStepByteCount`` and a record.
extension Engine {
  /// Begins or goes on, when it is due and others leave room for it.
  mutating func reclaimIfDue() {
    guard mode == .running else { return giveUpReclaim(.closed) }
    if let run = reclaim.run { return goOn(run) }
    guard reclaim.isWorthALook || lanes.areWaiting, uncounted.isEmpty, delayed.areKnown,
      !reclaim.isStuck
    else { return }
    reclaim.isWorthALook = false
    guard !waitsForDeadSlots() else { return }
    let isPressed = isPressedForRoom
    if slots.isTight, !isPressed, !checkpoints.isUnderWay { wantCheckpoint() }
    if let victim = chooseVictim(isPressed: isPressed) { return begin(victim) }
    if isPressed, closeSegmentWorthEmptying() { return }
    while hasNothingElseToGive, giveUpOldest() {
      if let victim = chooseVictim(isPressed: true) { return begin(victim) }
    }
    rest()
  }

  /// Whether reclaim goes before everything else.
  ///
  /// Room is scarce then, also with the slots that a checkpoint would give back: to copy more
  /// instead would cost far more than the checkpoint.
  var isPressedForRoom: Bool {
    lanes.areWaiting || (slots.isTight && slots.isTight(with: emptiedSlotCount))
  }

  /// Whether room is wanted, and comes back only if deleted blobs are given up.
  private var hasNothingElseToGive: Bool {
    isShortOfSlots && !isSlotOnItsWay && reclaim.relocationCount == 0 && !checkpoints.isUnderWay
  }

  /// The slots that wait for nothing but a checkpoint.
  private var emptiedSlotCount: Int {
    guard !checkpoints.hasFailed else { return 0 }
    return slots.numbers.count { number in
      slots[number].isEmptied && slots[number].isDead && mayHoldNothingUnknown(slots[number])
    }
  }

  /// Nothing is left to be emptied.
  private mutating func rest() {
    lanes.stopWaiting()
    // The slots come back with the next checkpoint in any case; one for their sake has to be cheap
    // beside what it frees: it costs a hundredth of a byte for each that is freed.
    if emptiedSlotsAreWorth(checkpoints: 100) { wantCheckpoint() }
    finishCompactions()
  }

  /// Whether the slots that wait for a checkpoint are so many times as large as it would be.
  private func emptiedSlotsAreWorth(checkpoints count: UInt64) -> Bool {
    UInt64(emptiedSlotCount) * superblock.segmentByteCount >= count * checkpointByteCount
  }

  /// Whether the next slots are those that only deletes and reclaim may take.
  private var isShortOfSlots: Bool {
    lanes.areWaiting || slots.availableCount <= slots.kept + 1
  }

  /// What a checkpoint of the index would write, about.
  private var checkpointByteCount: UInt64 {
    UInt64(max(1, checkpoints.dirty.count) * 2 * StoreFormat.pageByteCount)
      + UInt64(index.count * IndexEntry.byteCount)
  }

  private mutating func wantCheckpoint() {
    if !checkpoints.hasFailed { checkpoints.isWanted = true }
  }

  // MARK: A run

  private mutating func begin(_ victim: UInt32) {
    guard let segment = slots[victim].segment else { return }
    let isUrgent = deadShare > ReclaimPolicy.urgentDeadShare
    let run = ReclaimRun(
      slot: victim,
      segmentID: segment.id,
      pause: isUrgent ? ReclaimPolicy.shortPause : ReclaimPolicy.longPause
    )
    reclaim.run = run
    reclaim.lastVictimWasOfCopies = segment.lane == .cold
    slots[victim].isVictim = true
    entries(of: victim) { engine, entries in
      run.take(entries, touchesSince: engine.graceSequence)
      run.dropTouches { engine.index.candidates(for: engine.indexKey($0)).isEmpty }
      run.owners = engine.extentOwners.owners(in: run.segmentID)
      run.isBusy = false
      engine.goOn(run)
    }
  }

  /// Takes the next step, if it is time for it.
  ///
  /// While others use the disk they come first: a step for so many of their requests, few once
  /// reclaim falls behind. An idle disk, or a full one, is reclaim's.
  private mutating func goOn(_ run: ReclaimRun) {
    guard !run.isBusy, reclaim.run === run else { return }
    if run.failure != nil || mode != .running { return abandon(run) }
    guard
      continuations.isEmpty || isPressedForRoom || !reclaim.compactions.isEmpty
        || reclaim.completionCount >= run.pause
    else { return }
    reclaim.completionCount = 0
    step(run)
  }

  private mutating func step(_ run: ReclaimRun) {
    run.isBusy = true
    if !run.compressible.isEmpty { return compressAgain(run) }
    if run.copiesByteCount >= limits.reclaimStepByteCount { return write(run) }
    if let window = nextWindow(of: run) { return copy(window, of: run) }
    if let owner = run.owners.popLast() { return moveExtents(of: owner, run) }
    if run.tombstones != nil { return keepTombstones(of: run) }
    if !run.copies.isEmpty { return write(run) }
    finish(run)
  }

  /// A step is over.
  mutating func stepped(_ run: ReclaimRun) {
    run.isBusy = false
    goOn(run)
  }

  /// Sends the copies that were gathered to the cold lane.
  mutating func write(_ run: ReclaimRun) {
    let copies = run.takeCopies()
    guard !copies.isEmpty else { return stepped(run) }
    run.underWay += copies.count
    for copy in copies { write(copy, of: run) }
  }

  private mutating func write(_ copy: ReclaimCopy, of run: ReclaimRun) {
    var head = copy.record.head
    if breakages.contains(.renumberCopies) { head.flags.remove(.relocated) }
    let record = QueuedRecord(
      head: head,
      tail: copy.record.tail,
      payload: copy.record.payload[...],
      ended: { engine, result in
        switch result {
        case .success(let place):
          engine.reclaim.counters.movedRecordCount += 1
          engine.reclaim.counters.movedByteCount += UInt64(place.byteCount)
          copy.landed(&engine, place) { engine in engine.landed(run) }
        case .failure(let error):
          run.failure = run.failure ?? error
          engine.landed(run)
        }
      }
    )
    lanes[.cold].queue.append(record)
  }

  private mutating func landed(_ run: ReclaimRun) {
    run.underWay -= 1
    if run.underWay == 0 { stepped(run) }
  }

  // MARK: Compaction

  /// Empties every segment that there is now and that has dead bytes, as fast as the disk can; and
  /// those, if asked to, whose payloads were not compressed again yet.
  mutating func compact(recompressing: Bool = false, for request: RequestID) {
    collectChunks { engine in engine.emptySegments(recompressing, for: request) }
  }

  private mutating func emptySegments(_ recompressing: Bool, for request: RequestID) {
    if let refusal = mode.refusal { return reply(request, failure: refusal) }
    if recompressing { closeOpenSegments() }
    reclaim.compactions.append(
      Compaction(
        request: request,
        segmentLimit: nextSegmentID,
        recompresses: recompressing,
        before: reclaim.counters
      )
    )
    reclaim.isWorthALook = true
    reclaim.isStuck = false
  }

  /// Closes the segments that callers' bytes go to: of a small store they are all there is.
  ///
  /// Not where something is being written, which is a small part of a busy store; and not of a full
  /// store, whose next segment may have to wait for what is left of these.
  private mutating func closeOpenSegments() {
    for lane in [Lane.ingest, .large] where !isFull && lanes[lane].isIdle {
      guard let slot = lanes[lane].active else { continue }
      closeSegment(slot, of: lane)
    }
  }

  /// Whether a compaction goes on when a segment is sealed, or when dead slots are free: first,
  /// because tombstones need not be copied then that bury what was in them; and last, because that
  /// is what it is for.
  private mutating func waitsForDeadSlots() -> Bool {
    guard !reclaim.compactions.isEmpty, !checkpoints.hasFailed else { return false }
    let isChanging = slots.numbers.contains {
      slots[$0].state == .wiping || slots[$0].state == .sealing
    }
    let isDead = slots.numbers.contains { number in
      slots[number].isDead && mayHoldNothingUnknown(slots[number])
    }
    if isDead { wantCheckpoint() }
    return isDead || isChanging
  }

  /// Answers who waits for a compaction.
  private mutating func finishCompactions() {
    guard !reclaim.compactions.isEmpty else { return }
    let waiting = reclaim.compactions
    reclaim.compactions = []
    for compaction in waiting {
      reply(compaction.request, .compacted(reclaim.counters - compaction.before))
    }
  }

  // MARK: The end of a run

  /// All is copied that has to be.
  private mutating func finish(_ run: ReclaimRun) {
    reclaim.run = nil
    reclaim.isWorthALook = true
    slots[run.slot].isVictim = false
    slots[run.slot].isEmptied = true
    slots[run.slot].isSpoilt = !slots[run.slot].live.isEmpty
    slots[run.slot].diedAfterCheckpoint = checkpoints.lastStarted
    reclaim.mayHaveDeadSlots = true
    reclaim.counters.emptiedSegmentCount += 1
    if isShortOfSlots || (isPressedForRoom && emptiedSlotsAreWorth(checkpoints: 8)) {
      wantCheckpoint()
    }
    reclaimIfDue()
  }

  /// The run came to nothing: what was switched stays so, the rest stays where it is.
  private mutating func abandon(_ run: ReclaimRun) {
    reclaim.run = nil
    slots[run.slot].isVictim = false
    if run.failure == .storageFull {
      reclaim.isStuck = true
      wantCheckpoint()
    }
    lanes.stopWaiting()
    finishCompactions()
  }

  /// Nothing more is written.
  mutating func giveUpReclaim(_ reason: EngineError) {
    if let run = reclaim.run, !run.isBusy {
      reclaim.run = nil
      slots[run.slot].isVictim = false
    }
    let waiting = reclaim.compactions
    reclaim.compactions = []
    for compaction in waiting { reply(compaction.request, failure: mode.refusal ?? reason) }
  }
}
