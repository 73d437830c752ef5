import Glibc
import Ring
import Synchronization

/// What each thread of a ``ThreadDisk`` does: take a job, do it, report it.
final class ThreadDiskWorker: Sendable {
  private let directory: StoreDirectory
  private let flushForm: FlushForm
  private let jobs: Monitor<JobQueue>
  private let results: Monitor<JobResults>
  private let supportsCachedOnce = Atomic(true)

  init(
    directory: StoreDirectory,
    flushForm: FlushForm,
    jobs: Monitor<JobQueue>,
    results: Monitor<JobResults>
  ) {
    self.directory = directory
    self.flushForm = flushForm
    self.jobs = jobs
    self.results = results
  }

  /// Works until the queue is closed and empty.
  func run() {
    while let job = next() {
      let result = perform(job)
      results.withLock { $0.landed.append(result) }
      results.signal()
    }
  }

  private func next() -> DiskJob? {
    jobs.wait { queue -> DiskJob?? in
      if let job = queue.take() { return .some(job) }
      return queue.isClosed ? .some(nil) : nil
    }
  }

  private func perform(_ job: DiskJob) -> JobResult {
    let result: Result<Int, DiskError>
    do throws(DiskError) {
      result = .success(try carryOut(job))
    } catch {
      result = .failure(error)
    }
    var report = JobResult(
      completion: DiskCompletion(id: job.request.id, result: result),
      place: job.place
    )
    switch (job.request.operation, result) {
    case (.flush(let file), .success): report.flushed = file
    case (.remove(let file), .success), (.create(let file, _), .failure): report.removed = file
    default: break
    }
    return report
  }

  private func carryOut(_ job: DiskJob) throws(DiskError) -> Int {
    switch job.request.operation {
    case .create(let file, let byteCount): try create(file, job, byteCount)
    case .extend(let file, let byteCount):
      try job.opened.takeSpace(byteCount: byteCount, as: file.path)
    case .remove(let file): try directory.remove(file)
    case .read(let file, let offset, let byteCount, let buffer, let bufferOffset, let mode):
      return try job.opened.read(
        byteCount,
        at: offset,
        into: buffer,
        from: bufferOffset,
        mode,
        supportsCachedOnce,
        as: file.path
      )
    case .write(let file, let offset, let byteCount, let buffer, let bufferOffset, let flushed):
      return try job.opened.write(
        byteCount,
        at: offset,
        from: buffer,
        from: bufferOffset,
        flushed ? flushForm : nil,
        as: file.path
      )
    case .flush(let file): try job.opened.flush(dataOnly: !job.isGrown, as: file.path)
    case .flushDirectory(let file): try directory.flushFolder(of: file)
    }
    return 0
  }

  private func create(_ file: StoreFile, _ job: DiskJob, _ byteCount: UInt64) throws(DiskError) {
    do throws(DiskError) {
      try directory.requireRoom(byteCount: byteCount, for: file)
      try job.opened.takeSpace(byteCount: byteCount, as: file.path)
    } catch {
      // Nothing half-made stays behind; a name that cannot be removed is found at the next open.
      try? directory.remove(file)
      throw error
    }
  }
}

extension DiskJob {
  fileprivate var opened: OpenFile {
    guard let file else { preconditionFailure("the job has a file") }
    return file
  }
}
