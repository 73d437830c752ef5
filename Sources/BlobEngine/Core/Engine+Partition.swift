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
    // What is empty and has not both of its files was never on the disk, and need not go there.
    guard !entries.isEmpty || checkpoints.files[Int(partition)].commonByteCount > 0 else {
      return then(&self, nil)
    }
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
    makeRoom(for: job) { engine, failure in
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
      writtenMilliseconds: now,
      timeMarks: Array(delayed.marks.marks.suffix(CheckpointHeader.maximumTimeMarkCount))
    )
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
