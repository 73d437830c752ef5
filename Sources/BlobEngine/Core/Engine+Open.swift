import Bytes
import Codec
import Disk

/// Opening a store: from the files in a directory to an engine that answers.
extension Engine {
  mutating func open(_ request: RequestID, _ files: [StoreFile: UInt64]) {
    precondition(mode == .new, "an engine is opened once")
    mode = .opening
    if let objection = EngineLimits.objection(toSegmentByteCount: options.segmentByteCount) {
      return fail(request, .invalidOptions(objection))
    }
    let recovery = Recovery(request: request, files: files)
    guard let byteCount = files[.superblock], byteCount >= Superblock.fileByteCount else {
      return format(recovery, removing: files[.superblock] != nil)
    }
    readSuperblock { engine, result in
      switch result {
      case .success(let election): engine.adopt(election, recovery)
      case .failure(.notAStore) where !recovery.hasSlots: engine.format(recovery, removing: true)
      case .failure(let error): engine.fail(recovery.request, error)
      }
    }
  }

  mutating func fail(_ request: RequestID, _ error: EngineError) {
    mode = .closed
    reply(request, failure: error)
  }

  // MARK: A store that is there

  private mutating func adopt(_ election: SuperblockElection, _ recovery: Recovery) {
    superblock = election.superblock
    superblockCopiesToKeep = Array(election.agreeingCopies.suffix(2))
    guard superblock.features.access() == .readWrite else {
      return fail(recovery.request, .unsupportedFormat("features \(superblock.features)"))
    }
    guard EngineLimits.objection(toSegmentByteCount: superblock.segmentByteCount) == nil,
      let checksum = Checksum(secret: superblock.hashSecret)
    else {
      return fail(recovery.request, .unsupportedFormat("its segment size"))
    }
    self.checksum = checksum
    limits = EngineLimits(segmentByteCount: superblock.segmentByteCount)
    recovery.wasClean = superblock.isClean
    recovery.closedSequence = superblock.isClean ? superblock.nextSequence : 0
    nextSegmentID = superblock.nextSegmentID
    nextSequence = superblock.nextSequence
    if election.agreeingCopies.count < Superblock.copyCount {
      log(.notice, "Copies of the superblock differ; all are written anew.")
    }
    // What a killed process had written may be in the cache only; it is relied on from here on.
    submit(.flush(.superblock)) { engine, result in
      if case .failure(let error) = result {
        return engine.fail(recovery.request, .disk(DiskFailure(error)))
      }
      engine.raiseEpoch(recovery)
    }
  }

  /// Takes the store: from now on an older owner notices at its next checkpoint.
  private mutating func raiseEpoch(_ recovery: Recovery) {
    updateSuperblock { superblock in
      superblock.epoch += 1
      superblock.isClean = false
    } then: { engine, result in
      if case .failure(let error) = result {
        return engine.fail(recovery.request, .disk(DiskFailure(error)))
      }
      engine.survey(recovery)
    }
  }

  // MARK: A store that is to be made

  private mutating func format(_ recovery: Recovery, removing: Bool) {
    guard !recovery.hasSlots else {
      return fail(
        recovery.request,
        .notAStore("there are slots, and no superblock that says what they belong to")
      )
    }
    recovery.wasCreated = true
    recovery.wasClean = true
    superblock = Superblock(
      storeID: superblock.storeID,
      segmentByteCount: options.segmentByteCount,
      createdMilliseconds: now,
      hashSecret: superblock.hashSecret,
      authenticationKey: superblock.authenticationKey
    )
    var operations: [DiskOperation] = removing ? [.remove(.superblock)] : []
    operations.append(.create(.superblock, byteCount: UInt64(Superblock.fileByteCount)))
    operations.append(.flush(.superblock))
    operations.append(.flushDirectory(of: .superblock))
    inTurn(operations) { engine, failure in
      if let failure { return engine.fail(recovery.request, .disk(failure)) }
      engine.raiseEpoch(recovery)
    }
  }

  /// Makes the slots that deletes may count on, as far as they are not there.
  mutating func makeReserve(_ recovery: Recovery, then: @escaping (inout Engine) -> Void) {
    guard slots.lacksReserve, let number = slots.claimNew() else { return then(&self) }
    make(number) { engine, failure in
      guard let failure else { return engine.makeReserve(recovery, then: then) }
      engine.lackReserve(failure, recovery, then)
    }
  }

  /// A new store without its reserve is refused; an old one is opened all the same.
  private mutating func lackReserve(
    _ failure: DiskFailure,
    _ recovery: Recovery,
    _ then: @escaping (inout Engine) -> Void
  ) {
    if recovery.wasCreated { return fail(recovery.request, .disk(failure)) }
    log(.alarm, "The reserve for deletes cannot be made: \(failure.message).")
    slots.ranOutOfSpace()
    then(&self)
  }

  // MARK: The end

  mutating func finishOpening(_ recovery: Recovery) {
    mode = .running
    reply(
      recovery.request,
      .opened(
        OpenReport(
          preparer: Preparer(
            checksum: checksum,
            limits: limits,
            compresses: options.compresses,
            superblock: superblock
          ),
          wasCreated: recovery.wasCreated,
          wasClean: recovery.wasClean,
          epoch: superblock.epoch,
          features: superblock.features,
          blobCount: blobCount,
          damagedBatchCount: recovery.damagedBatchCount
        )
      )
    )
    for slot in slots.numbers where slots[slot].state == .closed { seal(slot) }
    makeRoomForAll()
    countExtents()
    // A crash may have left chunks of a sharing that came to nothing.
    if sharing.chunkCount > 0 { sharing.recipeDied() }
    grace.sort()
    delayed.marks.sort()
    noteNow()
    learnTouches(recovery)
  }
}

extension Recovery {
  var hasSlots: Bool {
    files.keys.contains { if case .slot = $0 { true } else { false } }
  }
}
