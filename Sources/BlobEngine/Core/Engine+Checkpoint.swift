import Disk

/// Writing the index down, so that an open need not read the whole log.
///
/// Partition after partition goes into the older of its two files: pages first, then the header,
/// each flushed, and the header read back, since a lost write there would make an old partition
/// pass for a new one. The superblock is advanced last (invariant 8 of *Recovery*).
extension Engine {
  mutating func checkpoint(for request: RequestID) {
    if let refusal = mode.refusal { return reply(request, failure: refusal) }
    checkpoints.waiting.append(request)
    checkpoints.isWanted = true
  }

  /// A feature goes into the superblock with a checkpoint: there is one update of it at a time.
  mutating func announce(_ features: FeatureWords, for request: RequestID) {
    if let refusal = mode.refusal { return reply(request, failure: refusal) }
    // While a checkpoint is under way, what the superblock says here may not be on the disk yet.
    guard !superblock.features.contains(features) || checkpoints.isUnderWay else {
      return reply(request, .checkpointed)
    }
    checkpoints.features.formUnion(features)
    checkpoint(for: request)
  }

  mutating func beginCheckpointIfDue() {
    guard !checkpoints.isUnderWay,
      mode == .running || (mode == .closing && lanes.areWaiting),
      checkpoints.isWanted || hasLogGrown
    else { return }
    beginCheckpoint()
  }

  /// Paced by bytes: the log grows by twenty times the index between two checkpoints, so that
  /// they are at most 5 % of what is written.
  ///
  /// Where blobs are so small that a quarter of the index would have to be replayed, they come
  /// earlier, at 64 bytes of checkpoint for each blob that is put.
  private var hasLogGrown: Bool {
    let hasBytes = checkpoints.logByteCount >= options.checkpointByteInterval
    let hasRecords = checkpoints.logRecordCount >= options.checkpointRecordInterval
    // Asked in every turn, and the blobs are counted in 256 places.
    guard hasBytes || hasRecords else { return false }
    let count = index.count
    return (hasBytes && checkpoints.logByteCount >= UInt64(20 * count * IndexEntry.byteCount))
      || (hasRecords && checkpoints.logRecordCount >= count / 4)
  }

  private mutating func beginCheckpoint() {
    checkpoints.isUnderWay = true
    checkpoints.isWanted = false
    checkpoints.lastStarted += 1
    let run = CheckpointRun(
      id: checkpoints.lastStarted,
      position: replayPosition(),
      requests: checkpoints.waiting,
      partitions: checkpoints.dirty.members
    )
    checkpoints.waiting = []
    checkpoints.logByteCount = 0
    checkpoints.logRecordCount = 0
    recount()
    fence(run)
  }

  /// Where replay has to begin for everything that the index does not show yet.
  private func replayPosition() -> LogPosition {
    let sequence = lanes.lowestUnsettledSequence ?? nextSequence
    let segments = slots.numbers.compactMap { slots[$0].segment }
    let behind = segments.filter { $0.footer == nil || $0.lastSequence >= sequence }
    return LogPosition(
      sequence: sequence,
      segmentID: behind.map(\.id).min() ?? nextSegmentID,
      offset: UInt64(SegmentHeader.byteCount)
    )
  }

  /// Makes sure that nobody else has opened the store meanwhile.
  private mutating func fence(_ run: CheckpointRun) {
    readSuperblock { engine, result in
      switch result {
      case .success(let election) where election.superblock.epoch == engine.superblock.epoch:
        if engine.breakages.contains(.superblockBeforePartitions) {
          return engine.advance(run) { engine in engine.writePartitions(run, isAdvanced: true) }
        }
        engine.announceDelay(run) { engine in engine.writePartitions(run, isAdvanced: false) }
      case .success:
        engine.stopWriting("somebody else has opened the store since")
        engine.end(run, .readOnly("somebody else has opened the store since"))
      case .failure(let error):
        engine.end(run, error)
      }
    }
  }

  /// Partitions may lead to deleted blobs only once the superblock has said so.
  private mutating func announceDelay(
    _ run: CheckpointRun,
    then: @escaping (inout Engine) -> Void
  ) {
    guard delaysDeletes, !superblock.features.contains(.delayedDeletes) else { return then(&self) }
    updateSuperblock { superblock in
      superblock.features.formUnion(.delayedDeletes)
    } then: { engine, result in
      guard case .failure(let error) = result else { return then(&engine) }
      engine.stopWriting("the superblock cannot be written: \(DiskFailure(error).message)")
      engine.end(run, .disk(DiskFailure(error)))
    }
  }

  /// Writes all partitions, a few at a time.
  private mutating func writePartitions(_ run: CheckpointRun, isAdvanced: Bool) {
    let batch = run.takeNext(8)
    guard !batch.isEmpty else {
      guard !isAdvanced else { return end(run, nil) }
      return advance(run) { engine in engine.end(run, nil) }
    }
    let gathering = CheckpointGathering(missing: batch.count)
    for partition in batch {
      write(partition, of: run) { engine, failure in
        gathering.failure = gathering.failure ?? failure
        gathering.missing -= 1
        guard gathering.missing == 0 else { return }
        if let failure = gathering.failure { return engine.end(run, .disk(failure)) }
        engine.writePartitions(run, isAdvanced: isAdvanced)
      }
    }
  }

  /// The superblock names the checkpoint: what was written counts from now on.
  private mutating func advance(
    _ run: CheckpointRun,
    then: @escaping (inout Engine) -> Void
  ) {
    let position = run.position
    let segment = nextSegmentID
    let features = checkpoints.features
    updateSuperblock { superblock in
      superblock.features.formUnion(features)
      superblock.checkpointID = run.id
      superblock.checkpointPosition = position
      superblock.nextSegmentID = segment
    } then: { engine, result in
      if case .failure(let error) = result {
        engine.stopWriting("the superblock cannot be written: \(DiskFailure(error).message)")
        return engine.end(run, .disk(DiskFailure(error)))
      }
      engine.checkpoints.lastFinished = run.id
      then(&engine)
    }
  }

  private mutating func end(_ run: CheckpointRun, _ failure: EngineError?) {
    checkpoints.isUnderWay = false
    checkpoints.hasFailed = failure != nil
    lanes.stopWaiting()
    if let failure {
      for partition in run.partitions { checkpoints.markDirty(partition) }
      log(.alarm, "A checkpoint failed: \(failure)")
      for request in run.requests { reply(request, failure: failure) }
    } else {
      for (partition, second) in run.written { checkpoints.files[Int(partition)].current = second }
      for request in run.requests { reply(request, .checkpointed) }
    }
    reclaim.mayHaveDeadSlots = true
    reclaim.isWorthALook = true
  }
}

/// One checkpoint on its way.
final class CheckpointRun {
  let id: UInt64
  let position: LogPosition
  let requests: [RequestID]
  let partitions: [UInt8]
  private var next = 0
  /// What was written, and into which of the two files.
  var written: [(partition: UInt8, second: Bool)] = []

  init(id: UInt64, position: LogPosition, requests: [RequestID], partitions: [UInt8]) {
    self.id = id
    self.position = position
    self.requests = requests
    self.partitions = partitions
  }

  func takeNext(_ count: Int) -> ArraySlice<UInt8> {
    let taken = partitions[next..<min(next + count, partitions.count)]
    next += taken.count
    return taken
  }
}

/// Several partitions on their way together.
private final class CheckpointGathering {
  var missing: Int
  var failure: DiskFailure?

  init(missing: Int) {
    self.missing = missing
  }
}
