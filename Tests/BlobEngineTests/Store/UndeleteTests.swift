import Bytes
import Codec
import CoreMetrics
import MetricsTestKit
import Synchronization
import Testing

@testable import BlobEngine

@Suite("Blobs that are had back")
struct UndeleteTests {
  private let bench: StoreBench

  init() async throws {
    bench = try await StoreBench(.automatic) {
      $0.cacheByteLimit = 4 << 20
      $0.deletionDelayMilliseconds = 3_600_000
    }
  }

  private func scope(_ store: BlobStore, _ byte: UInt8) throws -> BlobScope {
    let key = try #require(DataKey([UInt8](repeating: byte, count: DataKey.byteCount)))
    return store.scoped(by: key)
  }

  @Test(arguments: [0, 4_000, 200_000, 1_000_000])
  func `a deleted blob comes back, also after the store was opened again`(
    _ byteCount: Int
  ) async throws {
    let bytes = bench.bytes(byteCount)
    let key = try await bench.store.put(bytes).key
    _ = try await bench.store.get(key)
    #expect(try await bench.store.delete(key))
    #expect(try await bench.store.get(key) == nil)
    #expect(try await bench.store.stat(key) == nil)
    await bench.store.close()
    let again = try await bench.open()
    #expect(try await again.get(key) == nil)
    #expect(try await again.undelete(key)?.byteCount == UInt64(byteCount))
    #expect(try await again.get(key) == bytes)
    #expect(try await again.undelete(SHA256Stream.digest(of: noise(3).span)) == nil)
    await again.close()
  }

  @Test(arguments: [4_000, 1_000_000])
  func `a scope has its own blobs back, and no others`(_ byteCount: Int) async throws {
    let bytes = bench.bytes(byteCount)
    let (one, other) = (try scope(bench.store, 1), try scope(bench.store, 2))
    let key = try await one.put(bytes, digests: .all).key
    #expect(try await one.delete(key))
    #expect(try await other.undelete(key) == nil)
    #expect(try await bench.store.undelete(key) == nil)
    #expect(try await one.undelete(key)?.key == key)
    #expect(try await one.get(key) == bytes)
    #expect(try await one.stat(key)?.digests.kinds == .all)
    await bench.store.close()
  }

  @Test func `a collector leaves what was had back alone`() async throws {
    let key = try await bench.store.put(bench.bytes(4_000)).key
    #expect(try await bench.store.delete(key))
    let mark = try await bench.store.collectionMark()
    #expect(try await bench.store.undelete(key) != nil)
    #expect(try await bench.store.delete(key, ifUntouchedSince: mark) == .kept)
    await bench.store.close()
  }

  @Test(.timeLimit(.minutes(15)))
  func `a delay ends by itself in a store that nobody uses`() async throws {
    await bench.store.close()
    let time = Mutex<UInt64>(1_000_000)
    let metrics = TestMetrics()
    var options = bench.options
    options.deletionDelayMilliseconds = 64_000
    let store = try await BlobStore.open(
      at: bench.path,
      options: options,
      metrics: metrics,
      clock: { time.withLock { $0 } }
    )
    let key = try await store.put(bench.bytes(50_000)).key
    #expect(try await store.delete(key))
    time.withLock { $0 += 6_000 }
    #expect(try await store.usage().delayedByteCount >= 50_000)
    // The turn that answers the next request has told of the one before.
    _ = try await store.usage()
    let delayed = try metrics.expectMeter(
      "blob_engine_bytes",
      [("store", bench.path), ("state", "delayed")]
    )
    #expect(delayed.values.last.map { $0 >= 50_000 } == true)
    // Nobody asks the store for anything: it has to look at its clock by itself.
    while delayed.values.last != 0 {
      time.withLock { $0 += 10_000 }
      await Task.yield()
    }
    #expect(delayed.values.last == 0)
    #expect(try await store.undelete(key) == nil)
    await store.close()
  }
}
