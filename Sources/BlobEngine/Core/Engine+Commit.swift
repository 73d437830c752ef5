import Disk

/// Group commit: what waits in a lane becomes a batch, the batch becomes durable, and only then
/// do callers and the index hear of it.
extension Engine {
  /// Starts the next batches of each lane that has something to write and room for more under way.
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
    guard let batch = nextBatch(of: lane, in: slot) else { return leave(slot, of: lane) }
    lanes[lane].underWay.append(batch)
    slots[slot].segment?.begin(batch)
    write(batch, of: lane)
  }

  /// Goes on in another segment, once nothing is under way in this one: a segment's first batch
  /// names the last one of the segment before it.
  private mutating func leave(_ slot: UInt32, of lane: Lane) {
    guard lanes[lane].underWay.isEmpty else { return lanes[lane].isDraining = true }
    closeSegment(slot, of: lane)
    openSegment(for: lane)
  }

  /// Lays out what fits, or returns nil when the segment has no room for the next record.
  private mutating func nextBatch(of lane: Lane, in slot: UInt32) -> Batch? {
    guard let segment = slots[slot].segment else { preconditionFailure("open slots hold segments") }
    if let displaced = lanes[lane].displaced.first {
      guard segment.hasRoom(for: BatchLayout(displaced.records), limits: limits) else { return nil }
      lanes[lane].displaced.removeFirst()
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
    if breakages.contains(.acknowledgeEarly) { end(batch, of: lane, .success(())) }
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
      end(batch, of: lane, .success(()))
    case .success:
      acknowledge(batch)
      submit(.flush(.slot(batch.slot))) { engine, result in
        engine.flushed(batch, of: lane, result)
      }
    case .failure(let error):
      guard breakages.contains(.retryFlush) else { return end(batch, of: lane, .failure(error)) }
      submit(.flush(.slot(batch.slot))) { engine, result in
        engine.flushed(batch, of: lane, result)
      }
    }
  }

  private mutating func flushed(_ batch: Batch, of lane: Lane, _ result: Result<Int, DiskError>) {
    end(batch, of: lane, result.map { _ in })
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

  /// A batch is durable, or will not be where it was to be.
  ///
  /// Those behind it wait for it either way, so that the log of a segment has no hole in what is
  /// known to be durable.
  private mutating func end(
    _ batch: Batch,
    of lane: Lane,
    _ outcome: Result<Void, DiskError>
  ) {
    batch.end(outcome)
    if breakages.contains(.settleOutOfOrder), batch.isDurable {
      for other in lanes[lane].underWay { other.end(.success(())) }
    }
    for durable in lanes[lane].takeDurable() { settle(durable, of: lane) }
    displace(lanes[lane].takeFailed(), of: lane)
  }

  /// The batch is durable, as all before it: everybody may know.
  private mutating func settle(_ batch: Batch, of lane: Lane) {
    lanes[lane].hasSettled = true
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
  /// nothing; but the batch is still here, as are those behind it, so they go to another segment.
  private mutating func displace(_ batches: [Batch], of lane: Lane) {
    guard let first = batches.first, case .failure(let error) = first.outcome else { return }
    slots[first.slot].segment?.giveUpUnderWay()
    let failure = DiskFailure(error)
    guard !batches.contains(where: \.isSecondTry) else {
      stopWriting("two segments in a row failed: \(failure.message)")
      return fail(batches.flatMap(\.records), with: .readOnly(failure.message))
    }
    log(.alarm, "Slot \(first.slot) takes no more batches: \(failure.message).")
    lanes[lane].displaced = batches
    closeSegment(first.slot, of: lane)
  }

  /// Gives up what waits in a lane, because nothing more is written.
  private mutating func abandonQueue(of lane: Lane, because error: EngineError) {
    failDisplaced(of: lane, with: error)
    fail(lanes[lane].queue.take(lanes[lane].queue.count), with: error)
  }

  /// Gives up what was to be written again.
  mutating func failDisplaced(of lane: Lane, with error: EngineError) {
    let records = lanes[lane].displaced.flatMap(\.records)
    lanes[lane].displaced = []
    fail(records, with: error)
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
