public import CoreMetrics
public import Logging

extension BlobStore {
  /// Opens a store that writes to a log of swift-log, as ``open(at:options:metrics:log:)`` does
  /// with a closure.
  ///
  /// What matters little is logged at `debug`, what is worth a line at `notice`, and what was lost
  /// or is about to be at `critical`.
  ///
  /// - Parameters:
  ///   - directory: the store's own directory; nothing else should be in it.
  ///   - options: see ``StoreOptions``.
  ///   - metrics: where metrics go; nil: the back end that the process was bootstrapped with.
  ///   - logger: a log whose handler neither waits long nor for the store.
  /// - Returns: the open store.
  /// - Throws: what ``open(at:options:metrics:log:)`` throws.
  public static func open(
    at directory: String,
    options: StoreOptions = StoreOptions(),
    metrics: (any MetricsFactory)? = nil,
    logger: Logger
  ) async throws(EngineError) -> BlobStore {
    try await open(at: directory, options: options, metrics: metrics) { entry in
      logger.log(level: Logger.Level(entry.level), "\(entry.message)")
    }
  }
}

extension Logger.Level {
  fileprivate init(_ level: StoreLogEntry.Level) {
    self =
      switch level {
      case .debug: .debug
      case .notice: .notice
      case .alarm: .critical
      }
  }
}
