import Ring

/// One request as a thread gets it; it keeps its file and its buffer.
struct DiskJob: Sendable {
  let request: DiskRequest
  let file: OpenFile?
  let place: Int?
  /// The file's size has changed since its last flush, so that flush is fsync and not fdatasync.
  let isGrown: Bool
}

/// The jobs that no thread has taken yet, first in first out.
struct JobQueue: Sendable {
  var isClosed = false
  private var jobs: [DiskJob] = []
  private var next = 0

  mutating func append(_ job: DiskJob) {
    jobs.append(job)
  }

  mutating func take() -> DiskJob? {
    guard next < jobs.count else { return nil }
    defer {
      next += 1
      if next == jobs.count {
        jobs.removeAll(keepingCapacity: true)
        next = 0
      }
    }
    return jobs[next]
  }
}

/// The end of a job, with what the owner of the disk has to put in order after it.
struct JobResult: Sendable {
  let completion: DiskCompletion
  var place: Int?
  var flushed: StoreFile?
  var removed: StoreFile?
}

/// What the owner of the disk has not collected yet.
struct JobResults: Sendable {
  var landed: [JobResult] = []
  var isCalled = false
}

struct ThreadDiskWaker: DiskWaker {
  let results: Monitor<JobResults>

  func wake() {
    let isFirst = results.withLock { results in
      defer { results.isCalled = true }
      return !results.isCalled
    }
    if isFirst { results.signal() }
  }
}
