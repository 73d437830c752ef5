public import CoreMetrics
package import Disk

extension BlobStore {
  /// Opens the store in `directory`, or makes one of a directory that is empty or not there.
  ///
  /// - Parameters:
  ///   - directory: the store's own directory; nothing else should be in it.
  ///   - options: see ``StoreOptions``.
  ///   - metrics: where metrics go; nil: the back end that the process was bootstrapped with.
  ///   - log: told what an operator may want to know, from the store's own thread: it should be
  ///     brief, and must not wait for the store.
  /// - Returns: the open store.
  /// - Throws: ``EngineError/locked`` when it is open elsewhere, ``EngineError/notAStore(_:)`` or
  ///   ``EngineError/unsupportedFormat(_:)`` for what this build cannot open, or what the system
  ///   refused.
  public static func open(
    at directory: String,
    options: StoreOptions = StoreOptions(),
    metrics: (any MetricsFactory)? = nil,
    log: @escaping @Sendable (StoreLogEntry) -> Void = { _ in }
  ) async throws(EngineError) -> BlobStore {
    var start = EngineStart(options: options, log: log)
    start.metrics = StoreMetrics(metrics ?? MetricsSystem.factory, store: directory)
    return try await open(start, at: directory)
  }

  /// Opens a store whose time of day, in milliseconds since 1970, is `clock`'s; for tests.
  package static func open(
    at directory: String,
    options: StoreOptions,
    metrics: (any MetricsFactory)? = nil,
    clock: @escaping @Sendable () -> UInt64
  ) async throws(EngineError) -> BlobStore {
    var start = EngineStart(options: options, clock: clock, log: { _ in })
    start.metrics = metrics.flatMap { StoreMetrics($0, store: directory) }
    return try await open(start, at: directory)
  }

  private static func open(
    _ start: EngineStart,
    at directory: String
  ) async throws(EngineError) -> BlobStore {
    let (options, log) = (start.options, start.log)
    return try await start.open { (start, opened) throws(DiskError) in
      let disk = try OpenedDisk.open(at: directory, options: DiskOptions(options)) {
        log(StoreLogEntry(.notice, $0))
      }
      log(StoreLogEntry(.debug, "\(directory) is on \(disk.summary)"))
      switch consume disk {
      case .ring(let disk): return start.run(on: disk, opened)
      case .threads(let disk): return start.run(on: disk, opened)
      }
    }
  }

  /// Opens a store over any disk, which `makeDisk` makes on the engine's thread; for tests.
  package static func open<D: Disk & ~Copyable & SendableMetatype>(
    options: StoreOptions,
    generator: any RandomNumberGenerator & Sendable,
    breakages: Breakages = [],
    log: @escaping @Sendable (StoreLogEntry) -> Void = { _ in },
    makeDisk: @escaping @Sendable () throws(DiskError) -> D
  ) async throws(EngineError) -> BlobStore {
    let start = EngineStart(
      options: options,
      generator: generator,
      breakages: breakages,
      log: log
    )
    return try await start.open { (start, opened) throws(DiskError) in
      start.run(on: try makeDisk(), opened)
    }
  }
}

extension DiskOptions {
  /// What the options of a store say about its disk.
  init(_ options: StoreOptions) {
    let choice: DiskChoice =
      switch options.inputOutput {
      case .automatic: .automatic
      case .ring: .ring
      case .threads: .threads
      }
    self.init(choice: choice)
    acceptsAnyFileSystem = options.acceptsAnyFileSystem
  }
}
