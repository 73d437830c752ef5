import BlobEngine
import CoreMetrics
import Logging
import MetricsTestKit
import Synchronization
import Testing

@Suite("A store that is watched")
struct StoreMetricsTests {
  private let bench: StoreBench
  private let metrics = TestMetrics()

  init() async throws {
    bench = try await StoreBench(.threads) { $0.cacheByteLimit = 4 << 20 }
    await bench.store.close()
  }

  private func open() async throws -> BlobStore {
    try await BlobStore.open(at: bench.path, options: bench.options, metrics: metrics)
  }

  private func total(_ name: String, _ labels: (String, String)...) throws -> Int64 {
    try metrics.expectCounter("blob_engine_\(name)", [("store", bench.path)] + labels).totalValue
  }

  private func count(_ operation: String) throws -> Int {
    let labels = [("store", bench.path), ("operation", operation)]
    return try metrics.expectTimer("blob_engine_duration", labels).values.count
  }

  @Test func `operations and their bytes are counted, small and large, one by one and in batches`()
    async throws
  {
    let store = try await open()
    let small = try await store.put(bench.bytes(1_000))
    let large = try await store.put(bench.bytes(300_000))
    _ = try await store.get(small.key)
    _ = try await store.get(large.key, range: 0..<7)
    _ = await store.get([small.key, small.key])
    _ = try await store.delete(small.key)
    #expect(try total("put_bytes") == 301_000)
    #expect(try total("get_bytes") == 3_007)
    #expect(try [count("put"), count("get"), count("delete")] == [2, 2, 1])
    await store.close()
  }

  @Test func `what fails is counted by its reason`() async throws {
    let store = try await open()
    await store.close()
    await #expect(throws: EngineError.closed) { try await store.put([1]) }
    #expect(try total("errors", ("reason", "other")) == 1)
    #expect(try total("errors", ("reason", "damaged")) == 0)
  }

  @Test func `the use of space is told, and totals only once`() async throws {
    let time = Mutex<UInt64>(1_000_000)
    let store = try await BlobStore.open(
      at: bench.path,
      options: bench.options,
      metrics: metrics,
      clock: { time.withLock { $0 } }
    )
    for number in 0..<3 {
      _ = try await store.put(bench.bytes(5_000 + number))
      time.withLock { $0 += 10_000 }
      // The turn that answers the next request has told of the put before.
      _ = try await store.usage()
    }
    let usage = try await store.usage()
    let blobs = try metrics.expectMeter("blob_engine_blobs", [("store", bench.path)])
    #expect(blobs.lastValue == 3)
    #expect(try total("written_bytes", ("for", "callers")) == Int64(usage.writtenByteCount))
    await store.close()
  }

  @Test func `a store says to a logger what it has to say`() async throws {
    let lines = Mutex<[Logger.Level]>([])
    let logger = Logger(label: "store") { _ in
      LineCatcher { level in lines.withLock { $0.append(level) } }
    }
    let store = try await BlobStore.open(at: bench.path, options: bench.options, logger: logger)
    await store.close()
    #expect(lines.withLock(\.self).contains(.debug))
  }
}

/// Tells of what level each line is.
private struct LineCatcher: LogHandler {
  let note: @Sendable (Logger.Level) -> Void
  var logLevel = Logger.Level.trace
  var metadata: Logger.Metadata = [:]

  init(note: @escaping @Sendable (Logger.Level) -> Void) { self.note = note }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { note(event.level) }
}
