import Disk

/// Group commit: what waits in a lane becomes a batch, the batch becomes durable, and only then
/// do callers and the index hear of it.
extension Engine {
  /// Starts the next batch of each lane that has something to write and nothing under way.
  mutating func commitAll() {
    while lanes.canStart {
      for lane in Lane.allCases { commit(lane) }
    }
  }

  private mutating func commit(_ lane: Lane) {
    guard lanes[lane].canStart else { return }
    if let reason = mode.refusal { return abandonQueue(of: lane, because: reason) }
    if lanes[lane].bringsBytes, !mayTakeBytes(in: lane) { return refuseBytes(in: lane) }
    guard let slot = lanes[lane].active else { return openSegment(for: lane) }
    guard let batch = nextBatch(of: lane, in: slot) else {
      closeSegment(slot, of: lane)
      return openSegment(for: lane)
    }
    lanes[lane].batch = batch
    write(batch, of: lane)
  }

  /// Lays out what fits, or returns nil when the segment has no room for the next record.
  private mutating func nextBatch(of lane: Lane, in slot: UInt32) -> Batch? {
    guard let segment = slots[slot].segment else { preconditionFailure("open slots hold segments") }
    if let displaced = lanes[lane].displaced {
      guard segment.hasRoom(for: BatchLayout(displaced.records), limits: limits) else { return nil }
      lanes[lane].displaced = nil
      return layOut(displaced.records, from: displaced.firstSequence, again: true, lane, slot)
    }
    let count = countOfRecords(thatFit: segment, from: lane)
    guard count > 0 else { return nil }
    let records = lanes[lane].queue.take(count)
    let first = nextSequence
    nextSequence += UInt64(count)
    return layOut(records, from: first, again: false, lane, slot)
  }

  private func layOut(
    _ records: [QueuedRecord],
    from sequence: UInt64,
    again: Bool,
    _ lane: Lane,
    _ slot: UInt32
  ) -> Batch {
    guard let segment = slots[slot].segment else { preconditionFailure("open slots hold segments") }
    return Batch(
      records,
      firstSequence: sequence,
      segment: segment,
      previousDigest: lanes[lane].lastDigest,
      slot: slot,
      isSecondTry: again,
      makeBuffer: makeBuffer
    )
  }

  private func countOfRecords(thatFit segment: Segment, from lane: Lane) -> Int {
    var layout = BatchLayout()
    let queue = lanes[lane].queue
    let takesBytes = mayTakeBytes(in: lane)
    var count = 0
    while count < queue.count, takesBytes || !queue[count].bringsBytes {
      let byteCount = layout.byteCount(with: queue[count])
      guard byteCount <= limits.batchByteCount || count == 0 else { break }
      guard segment.hasRoom(forBatch: byteCount, records: count + 1, limits: limits) else { break }
      layout.append(queue[count])
      count += 1
    }
    return count
  }

  private mutating func write(_ batch: Batch, of lane: Lane) {
    let isFlushed = !batch.isRelaxed && !skipsFlush(of: lane)
    checkpoints.logByteCount += UInt64(batch.byteCount)
    checkpoints.logRecordCount += batch.records.count
    traffic.note(batch, of: lane)
    if breakages.contains(.acknowledgeEarly) { settle(batch, of: lane) }
    submit(
      .write(
        .slot(batch.slot),
        offset: UInt64(batch.offset),
        byteCount: batch.byteCount,
        from: batch.buffer,
        bufferOffset: 0,
        flushed: isFlushed
      )
    ) { engine, result in
      engine.wrote(batch, of: lane, isFlushed: isFlushed, engine.judged(result))
    }
  }

  private mutating func wrote(
    _ batch: Batch,
    of lane: Lane,
    isFlushed: Bool,
    _ result: Result<Int, DiskError>
  ) {
    switch result {
    case .success where isFlushed || skipsFlush(of: lane):
      settle(batch, of: lane)
    case .success:
      acknowledge(batch)
      submit(.flush(.slot(batch.slot))) { engine, result in
        engine.flushed(batch, of: lane, result)
      }
    case .failure(let error):
      guard breakages.contains(.retryFlush) else { return displace(batch, of: lane, error) }
      submit(.flush(.slot(batch.slot))) { engine, result in
        engine.flushed(batch, of: lane, result)
      }
    }
  }

  private mutating func flushed(_ batch: Batch, of lane: Lane, _ result: Result<Int, DiskError>) {
    switch result {
    case .success: settle(batch, of: lane)
    case .failure(let error): displace(batch, of: lane, error)
    }
  }

  private func skipsFlush(of lane: Lane) -> Bool {
    breakages.contains(.skipFlush)
      || (lane == .large && breakages.contains(.referenceBeforeReferent))
  }

  private func judged(_ result: Result<Int, DiskError>) -> Result<Int, DiskError> {
    if case .failure(.short(_, let actual)) = result, breakages.contains(.ignoreShortWrite) {
      return .success(actual)
    }
    return result
  }

  /// Answers the callers who do not wait for the flush.
  private mutating func acknowledge(_ batch: Batch) {
    guard !batch.isAcknowledged else { return }
    batch.isAcknowledged = true
    for (record, place) in zip(batch.records, batch.places) {
      if record.head.type == .blob || record.head.type == .blobOf {
        unflushed[record.head.key] = UnflushedRecord(place: place, batch: batch)
      }
      record.written?(&self, place)
    }
  }

  /// The batch is durable: everybody may know.
  private mutating func settle(_ batch: Batch, of lane: Lane) {
    guard lanes[lane].batch === batch else { return }
    lanes[lane].batch = nil
    lanes[lane].lastDigest = batch.headDigest
    slots[batch.slot].segment?.append(batch)
    recent.add(batch.buffer, byteCount: batch.byteCount, slot: batch.slot, offset: batch.offset)
    for (record, place) in zip(batch.records, batch.places) {
      if batch.isAcknowledged { unflushed[record.head.key] = nil }
      record.ended(&self, .success(place))
    }
    prepareSpareIfNeeded(for: lane)
  }

  /// A write or flush failed.
  ///
  /// What is on the disk now is anybody's guess, and a second flush that succeeds would prove
  /// nothing; but the batch is still here, so it goes to another segment.
  private mutating func displace(_ batch: Batch, of lane: Lane, _ error: DiskError) {
    guard lanes[lane].batch === batch else { return }
    lanes[lane].batch = nil
    let failure = DiskFailure(error)
    guard !batch.isSecondTry else {
      stopWriting("two segments in a row failed: \(failure.message)")
      return fail(batch.records, with: .readOnly(failure.message))
    }
    log(.alarm, "Slot \(batch.slot) takes no more batches: \(failure.message).")
    lanes[lane].displaced = batch
    closeSegment(batch.slot, of: lane)
  }

  /// Gives up what waits in a lane, because nothing more is written.
  private mutating func abandonQueue(of lane: Lane, because error: EngineError) {
    let displaced = lanes[lane].displaced?.records ?? []
    lanes[lane].displaced = nil
    fail(displaced, with: error)
    fail(lanes[lane].queue.take(lanes[lane].queue.count), with: error)
  }

  mutating func fail(_ records: [QueuedRecord], with error: EngineError) {
    for record in records {
      unflushed[record.head.key] = nil
      record.ended(&self, .failure(error))
    }
  }

  /// Takes no more writes until the store is opened again.
  mutating func stopWriting(_ reason: String) {
    guard case .running = mode else { return }
    mode = .readOnly(reason)
    log(.alarm, "The store takes no more writes: \(reason).")
    lanes.stopWaiting()
    let waiting = checkpoints.waiting
    checkpoints.waiting = []
    for request in waiting { reply(request, failure: .readOnly(reason)) }
  }
}

/// A record that callers know of although its flush is not over.
struct UnflushedRecord {
  let place: RecordPlace
  let batch: Batch
}
