import Synchronization

/// What a store, its writers and its readers share.
///
/// It lives until the last of them has gone, and then lets the engine's thread end.
final class StoreRuntime: Sendable {
  let inbox: Inbox
  let workers: WorkerPool
  let preparer: Preparer
  /// The keys of the scopes that callers use.
  let keys: KeyRing
  /// What the store is known to announce.
  private let announced: Mutex<FeatureWords>
  /// The bytes of puts between here and the disk.
  let budget: ByteBudget
  /// The digests that are being made of stored blobs.
  let lateDigests = LateDigests()
  /// What is asked for again and again; nil where nothing is kept.
  let cache: SmallBlobCache?
  /// What the process is told of how it goes; nil where nobody listens.
  let metrics: StoreMetrics?

  init(
    inbox: Inbox,
    workers: WorkerPool,
    report: OpenReport,
    keys: KeyRing,
    bufferedByteLimit: Int,
    cache: SmallBlobCache?,
    metrics: StoreMetrics?
  ) {
    self.inbox = inbox
    self.workers = workers
    self.preparer = report.preparer
    self.keys = keys
    announced = Mutex(report.features)
    budget = ByteBudget(limit: bufferedByteLimit)
    self.cache = cache
    self.metrics = metrics
  }

  deinit {
    inbox.close(.nobody)
  }

  /// Says that the store is closed where the engine says that it gave an upload up for that.
  func sharpened(_ error: EngineError) -> EngineError {
    error == .writerClosed && inbox.isClosing ? .closed : error
  }

  /// Asks the store to announce features, unless it has.
  ///
  /// Who asks while somebody else does waits for an answer of its own.
  func announce(_ features: FeatureWords) async throws(EngineError) {
    guard !announced.withLock({ $0.contains(features) }) else { return }
    guard case .checkpointed = try await inbox.ask(.announce(features)) else {
      preconditionFailure("the engine answers in kind")
    }
    announced.withLock { $0.formUnion(features) }
  }
}
