import CoreMetrics

/// What a store tells the back end of swift-metrics that the process has chosen.
///
/// Every metric carries the dimension `store`, the directory. Names and units are part of the
/// library's API: see <doc:Tuning>. Where nobody listens there is no such thing, and operations do
/// not even look at the clock.
final class StoreMetrics: Sendable {
  /// What takes time.
  enum Operation: String, CaseIterable {
    case put, get, delete
  }

  private let durations: [Operation: Timer]
  private let bytesPut: Counter
  private let bytesGot: Counter
  private let failures: [Failure: Counter]
  private let space: SpaceMetrics

  /// Nil where metrics go nowhere.
  ///
  /// - Parameters:
  ///   - factory: the back end.
  ///   - store: the store's directory.
  init?(_ factory: any MetricsFactory, store: String) {
    guard !(factory is NOOPMetricsHandler) else { return nil }
    let labels = [("store", store)]
    durations = .init(
      uniqueKeysWithValues: Operation.allCases.map { operation in
        let labels = labels + [("operation", operation.rawValue)]
        return (
          operation, Timer(label: "blob_engine_duration", dimensions: labels, factory: factory)
        )
      }
    )
    bytesPut = Counter(label: "blob_engine_put_bytes", dimensions: labels, factory: factory)
    bytesGot = Counter(label: "blob_engine_get_bytes", dimensions: labels, factory: factory)
    failures = .init(
      uniqueKeysWithValues: Failure.allCases.map { failure in
        let labels = labels + [("reason", failure.rawValue)]
        return (failure, Counter(label: "blob_engine_errors", dimensions: labels, factory: factory))
      }
    )
    space = SpaceMetrics(factory, labels)
  }

  /// Runs an operation, and tells how long it took or why it failed.
  func time<Value>(
    _ operation: Operation,
    _ body: () async throws(EngineError) -> Value
  ) async throws(EngineError) -> Value {
    let start = ContinuousClock.now
    do throws(EngineError) {
      let value = try await body()
      durations[operation]?.recordNanoseconds((ContinuousClock.now - start).nanoseconds)
      return value
    } catch {
      failures[Failure(error)]?.increment()
      throw error
    }
  }

  func countPut(_ byteCount: UInt64) { bytesPut.increment(by: byteCount) }

  func countGot(_ byteCount: Int) { bytesGot.increment(by: byteCount) }

  /// Counts what failed in the middle of reading or writing.
  func count(_ error: EngineError) { failures[Failure(error)]?.increment() }

  /// Tells how the space is used.
  func note(_ usage: StoreUsage, _ cache: CacheUsage) { space.note(usage, cache) }
}

extension StoreMetrics {
  /// Why an operation failed, as far as somebody should be called for it.
  private enum Failure: String, CaseIterable {
    case full, damaged, other

    init(_ error: EngineError) {
      self =
        switch error {
        case .storageFull: .full
        case .damaged: .damaged
        default: .other
        }
    }
  }
}

extension StoreRuntime {
  /// Runs an operation, and tells the metrics of it where there are any.
  func timed<Value>(
    _ operation: StoreMetrics.Operation,
    _ body: () async throws(EngineError) -> Value
  ) async throws(EngineError) -> Value {
    guard let metrics else { return try await body() }
    return try await metrics.time(operation, body)
  }
}

extension Duration {
  /// The whole of it in nanoseconds; 292 years at most.
  fileprivate var nanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}
