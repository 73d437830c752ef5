import Bytes
import Codec
import Disk

/// The writing of one partition of a checkpoint.
extension Engine {
  /// Writes a partition into the file that does not count; `then` hears what went wrong.
  mutating func write(
    _ partition: UInt8,
    of run: CheckpointRun,
    then: @escaping (inout Engine, DiskFailure?) -> Void
  ) {
    let entries = index.partition(partition).entries
    checkpoints.clean(partition)
    checkpoints.files[Int(partition)].generation += 1
    let files = checkpoints.files[Int(partition)]
    let job = PartitionJob(
      partition: partition,
      second: files.next,
      header: header(of: partition, entries.count, files.generation, run),
      pages: CheckpointPages.encode(
        entries,
        partition: partition,
        generationID: files.generation,
        checksum: checksum
      ),
      checksum: checksum,
      makeBuffer: makeBuffer
    )
    run.written.append((partition, files.next))
    makeRoom(for: job, existing: files[files.next]) { engine, failure in
      if let failure { return then(&engine, failure) }
      engine.writePages(job, then)
    }
  }

  private func header(
    of partition: UInt8,
    _ entryCount: Int,
    _ generation: UInt64,
    _ run: CheckpointRun
  ) -> CheckpointHeader {
    CheckpointHeader(
      partition: partition,
      storeID: superblock.storeID,
      checkpointID: run.id,
      generationID: generation,
      epoch: superblock.epoch,
      entryCount: UInt64(entryCount),
      position: run.position,
      writtenMilliseconds: now
    )
  }

  /// Makes the file, or a longer one in its place, with half as much again to grow into.
  private mutating func makeRoom(
    for job: PartitionJob,
    existing: UInt64?,
    then: @escaping (inout Engine, DiskFailure?) -> Void
  ) {
    let least = wantedByteCount(of: job, grows: false)
    if let existing, existing >= least { return then(&self, nil) }
    // On a full file system a longer file is made only where a slot can be spared for it.
    if let existing, existing >= job.byteCount, !slots.canSpareOne { return then(&self, nil) }
    let byteCount = wantedByteCount(of: job, grows: existing != nil)
    checkpoints.files[Int(job.partition)][job.second] = 0
    remove(job.file, ifThere: existing != nil) { engine in
      engine.makeFile(for: job, byteCount, then: then)
    }
  }

  /// Makes a partition's file; a free slot gives way to it when the file system is full.
  ///
  /// Without its checkpoint a full store could not free anything, and would stay full.
  private mutating func makeFile(
    for job: PartitionJob,
    _ byteCount: UInt64,
    then: @escaping (inout Engine, DiskFailure?) -> Void
  ) {
    let operations: [DiskOperation] = [
      .create(job.file, byteCount: byteCount), .flush(job.file), .flushDirectory(of: job.file),
    ]
    inTurn(operations) { engine, failure in
      guard let failure else {
        engine.checkpoints.files[Int(job.partition)][job.second] = byteCount
        return then(&engine, nil)
      }
      if failure.isLackOfSpace { engine.slots.ranOutOfSpace() }
      guard failure.isLackOfSpace, let slot = engine.slots.takeFree() else {
        return then(&engine, failure)
      }
      engine.giveAway(slot) { engine in
        // What was made of the file before there was no more room is in the way.
        engine.remove(job.file, ifThere: true) { engine in
          engine.makeFile(for: job, byteCount, then: then)
        }
      }
    }
  }

  /// Gives the space of a free slot back to the file system.
  private mutating func giveAway(_ slot: UInt32, then: @escaping (inout Engine) -> Void) {
    log(.notice, "Slot \(slot) gives its space to a checkpoint: the file system is full.")
    submit(.remove(.slot(slot))) { engine, result in
      engine.slotFiles.remove(slot)
      if case .success = result {
        engine.slots[slot].state = .missing
      } else {
        engine.slots[slot].state = .malformed
        engine.slots[slot].hasLeftover = true
      }
      engine.submit(.flushDirectory(of: .slot(slot))) { engine, _ in then(&engine) }
    }
  }

  /// Removes a file; one that cannot be removed shows when it is made anew.
  private mutating func remove(
    _ file: StoreFile,
    ifThere isThere: Bool,
    then: @escaping (inout Engine) -> Void
  ) {
    guard isThere else { return then(&self) }
    submit(.remove(file)) { engine, _ in then(&engine) }
  }

  /// Pages, then the header, each flushed; then the header is read back.
  private mutating func writePages(
    _ job: PartitionJob,
    _ then: @escaping (inout Engine, DiskFailure?) -> Void
  ) {
    traffic.checkpoints += job.byteCount
    let isFlushed = !breakages.contains(.skipFlush)
    var operations: [DiskOperation] = []
    let page = StoreFormat.pageByteCount
    if job.byteCount > UInt64(page) {
      operations.append(
        .write(
          job.file,
          offset: UInt64(page),
          byteCount: Int(job.byteCount) - page,
          from: job.buffer,
          bufferOffset: page,
          flushed: isFlushed
        )
      )
    }
    operations.append(
      .write(
        job.file,
        offset: 0,
        byteCount: page,
        from: job.buffer,
        bufferOffset: 0,
        flushed: isFlushed
      )
    )
    let copy = makeBuffer(page)
    operations.append(
      .read(job.file, offset: 0, byteCount: page, into: copy, bufferOffset: 0, .direct)
    )
    inTurn(operations) { engine, failure in
      if let failure { return then(&engine, failure) }
      guard copy.bytes(in: 0..<page) == job.buffer.bytes(in: 0..<page) else {
        let message = "\(job.file.path) does not hold what was written to it"
        return then(&engine, DiskFailure(code: nil, message: message))
      }
      then(&engine, nil)
    }
  }

  /// Carries out operations one after the other, as long as they succeed.
  mutating func inTurn(
    _ operations: [DiskOperation],
    then: @escaping (inout Engine, DiskFailure?) -> Void
  ) {
    guard let first = operations.first else { return then(&self, nil) }
    submit(first) { engine, result in
      if case .failure(let error) = result { return then(&engine, DiskFailure(error)) }
      engine.inTurn(Array(operations.dropFirst()), then: then)
    }
  }
}
