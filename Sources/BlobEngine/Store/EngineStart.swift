import Disk

/// Starts an engine's thread, and waits until its store is open.
struct EngineStart: Sendable {
  /// What is told once the store is open.
  typealias Opened = @Sendable (OpenReport, _ diskName: String) -> Void

  var options: StoreOptions
  var generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  var breakages: Breakages = []
  /// The time of day, in milliseconds since 1970.
  var clock: @Sendable () -> UInt64
  var log: @Sendable (StoreLogEntry) -> Void
  var metrics: StoreMetrics?
  let inbox = Inbox()
  /// What the engine has done elsewhere; there once the store is being opened.
  private var workers: WorkerPool?
  let cache: SmallBlobCache?
  /// The keys that callers use with the store.
  let keys: KeyRing

  init(
    options: StoreOptions,
    generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
    breakages: Breakages = [],
    clock: @escaping @Sendable () -> UInt64 = { WallClock.unixMilliseconds() },
    log: @escaping @Sendable (StoreLogEntry) -> Void
  ) {
    self.options = options
    self.generator = generator
    self.breakages = breakages
    self.clock = clock
    self.log = log
    cache = SmallBlobCache(byteLimit: options.cacheByteLimit)
    keys = KeyRing(SaltSource(generator, breakages: breakages))
  }

  /// Runs `body`, which makes the disk and serves it until the store is closed, on a new thread.
  ///
  /// `body` returns why the store could not be opened, or nil after it was closed. The thread is
  /// its own master: who waits for its end waits for the inbox.
  func open(
    _ body: @escaping @Sendable (EngineStart, @escaping Opened) throws(DiskError) -> EngineError?
  ) async throws(EngineError) -> BlobStore {
    let workers = try makeWorkers()
    var start = self
    start.workers = workers
    let (report, diskName) = try await withCheckedContinuation {
      [start]
      (continuation: CheckedContinuation<Result<(OpenReport, String), EngineError>, Never>) in
      do throws(DiskError) {
        try PlainThread(named: "larder-engine") {
          let failure = start.serve(body) { continuation.resume(returning: .success(($0, $1))) }
          // The disk has been given back by now: who hears of the end can open it again.
          inbox.end()
          if let failure { continuation.resume(returning: .failure(failure)) }
        }.detach()
      } catch {
        continuation.resume(returning: .failure(EngineError(error)))
      }
    }.get()
    let runtime = StoreRuntime(
      inbox: inbox,
      workers: workers,
      report: report,
      keys: keys,
      bufferedByteLimit: options.bufferedByteLimit,
      cache: cache,
      metrics: metrics
    )
    let sharing =
      options.sharesMembers ? BackgroundSharing(runtime, options.sharingPace, log: log) : nil
    return BlobStore(
      runtime: runtime,
      report: report,
      diskDescription: diskName,
      sharing: sharing
    )
  }

  /// Serves a store on this thread until it is closed, and gives the disk back.
  ///
  /// - Returns: why the store could not be opened, or nil.
  func run<D: Disk & ~Copyable>(on disk: consuming D, _ opened: @escaping Opened) -> EngineError? {
    guard let workers else { preconditionFailure("who opens a store makes workers first") }
    let name = disk.name
    let loop = EngineLoop(
      disk,
      inbox: inbox,
      workers: workers,
      keys: keys,
      options: options,
      generator: generator,
      breakages: breakages,
      clock: clock,
      log: log,
      observe: observation
    )
    return loop.run { opened($0, name) }
  }

  /// What is told, now and then, how the space is used; nil where nobody listens.
  private var observation: ((StoreUsage) -> Void)? {
    metrics.map { metrics in { metrics.note($0, cache?.usage ?? CacheUsage()) } }
  }

  private func serve(
    _ body: (EngineStart, @escaping Opened) throws(DiskError) -> EngineError?,
    _ opened: @escaping Opened
  ) -> EngineError? {
    do throws(DiskError) {
      return try body(self, opened)
    } catch {
      return EngineError(opening: error)
    }
  }

  private func makeWorkers() throws(EngineError) -> WorkerPool {
    do throws(DiskError) {
      return try WorkerPool()
    } catch {
      throw EngineError(error)
    }
  }
}

extension EngineError {
  /// Translates why a disk cannot be opened: what the options demand and this machine does not have
  /// is a matter of the options, and not of the store.
  init(opening error: DiskError) {
    if case .unsupported(let reason) = error {
      self = .invalidOptions(reason)
    } else {
      self.init(error)
    }
  }
}
