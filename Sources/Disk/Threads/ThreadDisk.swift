import Glibc
import Ring

/// A disk on ordinary calls, made by a few threads: for where the kernel refuses a ring.
///
/// The same files, the same direct I/O and the same order of calls as ``RingDisk``. One thread
/// owns it; its own threads see jobs only. Ending it waits for what is under way.
package struct ThreadDisk: ~Copyable, Disk {
  let directory: StoreDirectory
  let flushForm: FlushForm
  let arena: BufferArena
  let jobs = Monitor(JobQueue())
  let results = Monitor(JobResults())
  private let threads: [PlainThread]
  private var table: FileTable
  private var queued: [DiskRequest] = []
  private var underWay = 0
  private var grown: Set<StoreFile> = []

  /// Starts the threads.
  package init(_ directory: StoreDirectory, options: DiskOptions) throws(DiskError) {
    self.directory = directory
    flushForm = options.flushForm ?? (directory.durableWrites ? .durableWrite : .linkedFlush)
    arena = BufferArena(
      regionLimit: max(1, options.arenaByteCount / BufferArena.regionByteCount)
    )
    table = FileTable(limit: max(16, min(options.fileLimit, FileTable.systemShare)))
    let worker = ThreadDiskWorker(
      directory: directory,
      flushForm: flushForm,
      jobs: jobs,
      results: results
    )
    var started: [PlainThread] = []
    do throws(DiskError) {
      for number in 0..<(options.threadCount ?? Self.defaultThreadCount) {
        started.append(try PlainThread(named: "larder-disk-\(number)") { worker.run() })
      }
    } catch {
      Self.end(started, jobs)
      throw error
    }
    threads = started
  }

  deinit {
    Self.end(threads, jobs)
  }

  package var name: String { "threads" }

  package var waker: any DiskWaker { ThreadDiskWaker(results: results) }

  /// What was found out at open, for logs.
  package var summary: String {
    "\(threads.count) threads, \(directory.direct ? "O_DIRECT" : "page cache"), "
      + "flush form \(flushForm.rawValue)"
  }

  package mutating func files() throws(DiskError) -> [StoreFile: UInt64] {
    try directory.files()
  }

  package mutating func makeBuffer(byteCount: Int) -> DiskBuffer {
    unsafe arena.makeBuffer(byteCount: byteCount) { _, _ in false }
      ?? DiskBuffer(byteCount: byteCount)
  }

  package mutating func submit(_ request: DiskRequest) {
    queued.append(request)
  }

  package mutating func wait(timeout: Duration?, into completions: inout [DiskCompletion]) {
    start()
    let landed = land(timeout)
    for result in landed {
      underWay -= 1
      if let place = result.place { _ = table.release(place) }
      if let file = result.flushed { grown.remove(file) }
      if let file = result.removed { _ = table.forget(file) }
      completions.append(result.completion)
    }
  }
}

extension ThreadDisk {
  private static var defaultThreadCount: Int {
    min(8, max(4, Processors.count))
  }

  /// Lets the threads finish what is queued, and waits for their end.
  private static func end(_ threads: [PlainThread], _ jobs: Monitor<JobQueue>) {
    jobs.withLock { $0.isClosed = true }
    jobs.broadcast()
    for thread in threads { thread.join() }
  }

  /// Hands what is queued to the threads.
  private mutating func start() {
    var made: [DiskJob] = []
    for request in queued {
      do throws(DiskError) {
        if let refusal = request.refusal() { throw refusal }
        made.append(try job(for: request))
      } catch {
        let failure = DiskCompletion(id: request.id, result: .failure(error))
        results.withLock { $0.landed.append(JobResult(completion: failure)) }
      }
      underWay += 1
    }
    queued.removeAll(keepingCapacity: true)
    guard !made.isEmpty else { return }
    jobs.withLock { queue in
      for job in made { queue.append(job) }
    }
    if made.count == 1 { jobs.signal() } else { jobs.broadcast() }
  }

  private func land(_ timeout: Duration?) -> [JobResult] {
    let take: (inout JobResults) -> [JobResult]? = { results in
      guard results.isCalled || !results.landed.isEmpty else { return nil }
      results.isCalled = false
      defer { results.landed.removeAll(keepingCapacity: true) }
      return results.landed
    }
    guard let timeout else { return results.wait(take) }
    return results.wait(atMost: timeout, take) ?? []
  }

  private mutating func job(for request: DiskRequest) throws(DiskError) -> DiskJob {
    switch request.operation {
    case .create(let file, _):
      let opened = try directory.open(file, directory.direct ? [.create, .direct] : .create)
      grown.insert(file)
      return retained(
        request,
        opened,
        insert(opened, FileTable.Key(file: file, direct: directory.direct))
      )
    case .extend(let file, _):
      grown.insert(file)
      return try retained(request, of: file, direct: true)
    case .read(let file, _, _, _, _, let mode):
      return try retained(request, of: file, direct: mode == .direct)
    case .write(let file, _, _, _, _, _), .flush(let file):
      return try retained(request, of: file, direct: true)
    case .remove, .flushDirectory:
      return DiskJob(request: request, file: nil, place: nil, isGrown: false)
    }
  }

  private mutating func retained(
    _ request: DiskRequest,
    of file: StoreFile,
    direct: Bool
  ) throws(DiskError) -> DiskJob {
    let key = FileTable.Key(file: file, direct: direct && directory.direct)
    if let place = table.place(of: key) {
      return retained(request, table.file(at: place), place)
    }
    let opened = try directory.open(file, key.direct ? .direct : [])
    if !key.direct { opened.expectRandomReads() }
    return retained(request, opened, insert(opened, key))
  }

  /// Keeps an opened file for later; without a free place, it is closed after its one job.
  private mutating func insert(_ opened: OpenFile, _ key: FileTable.Key) -> Int? {
    table.insert(opened, as: key)
  }

  private mutating func retained(
    _ request: DiskRequest,
    _ opened: OpenFile,
    _ place: Int?
  ) -> DiskJob {
    if let place { table.retain(place) }
    var isGrown = false
    if case .flush(let file) = request.operation { isGrown = grown.contains(file) }
    return DiskJob(request: request, file: opened, place: place, isGrown: isGrown)
  }
}
