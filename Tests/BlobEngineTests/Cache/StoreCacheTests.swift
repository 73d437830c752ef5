import Bytes
import Codec
import Testing

@testable import BlobEngine

@Suite("Small blobs asked for again")
struct StoreCacheTests {
  private func bench() async throws -> StoreBench {
    try await StoreBench(.automatic) {
      $0.cacheByteLimit = 8 << 20
      $0.recentByteLimit = 0
    }
  }

  @Test func `the second read is answered from memory, whole and in part`() async throws {
    let bench = try await bench()
    let bytes = bench.bytes(20_000)
    let key = try await bench.store.put(bytes).key
    #expect(try await bench.store.get(key, range: 5..<10) == Array(bytes[5..<10]))
    #expect(bench.store.cacheUsage.blobCount == 0, "a part is not the blob")
    #expect(try await bench.store.get(key) == bytes)
    #expect(bench.store.cacheUsage.blobCount == 1)
    let misses = bench.store.cacheUsage.missCount
    #expect(try await bench.store.get(key) == bytes)
    #expect(try await bench.store.get(key, range: 19_990..<30_000) == Array(bytes[19_990...]))
    #expect(try await bench.store.get(key, range: 40_000..<50_000) == [])
    #expect(await bench.store.get([key, key]).allSatisfy { (try? $0.get()) == bytes })
    #expect(bench.store.cacheUsage.missCount == misses)
    #expect(bench.store.cacheUsage.hitCount == 5)
    let reader = try #require(try await bench.store.makeReader(for: key))
    #expect(reader.info.byteCount == 20_000)
    #expect(reader.info.key == key)
    await bench.store.close()
  }

  @Test func `large blobs are not kept`() async throws {
    let bench = try await bench()
    for count in [131_073, 3_000_000] {
      let key = try await bench.store.put(bench.bytes(count)).key
      for _ in 0..<2 { #expect(try await bench.store.get(key) == bench.bytes(count)) }
    }
    #expect(bench.store.cacheUsage.blobCount == 0)
    await bench.store.close()
  }

  @Test func `what was deleted is not found, and a closed store answers nothing`() async throws {
    let bench = try await bench()
    let key = try await bench.store.put(bench.bytes(1000)).key
    _ = try await bench.store.get(key)
    #expect(try await bench.store.delete(key))
    #expect(try await bench.store.get(key) == nil)
    #expect(bench.store.cacheUsage.blobCount == 0)
    _ = try await bench.store.put(bench.bytes(1000))
    _ = try await bench.store.get(key)
    await bench.store.close()
    await #expect(throws: EngineError.closed) { try await bench.store.get(key) }
  }

  @Test func `another scope's blob is not found in memory, nor with a forgotten key`()
    async throws
  {
    let bench = try await bench()
    let bytes = bench.bytes(1000)
    let first = try #require(DataKey([UInt8](repeating: 1, count: DataKey.byteCount)))
    let second = try #require(DataKey([UInt8](repeating: 2, count: DataKey.byteCount)))
    let key = try await bench.store.scoped(by: first).put(bytes).key
    for _ in 0..<2 { #expect(try await bench.store.scoped(by: first).get(key) == bytes) }
    #expect(try await bench.store.scoped(by: second).get(key) == nil)
    #expect(try await bench.store.get(key) == nil)
    first.forget()
    await #expect(throws: EngineError.keyUnavailable(first.id)) {
      try await bench.store.scoped(by: first).get(key)
    }
    await bench.store.close()
  }

  /// A read that began before a delete must not bring the blob back behind it.
  @Test func `reads that race with deletes bring nothing back`() async throws {
    let bench = try await bench()
    let bytes = bench.bytes(600)
    let (store, digest) = (bench.store, SHA256Stream.digest(of: bytes.span))
    for _ in 0..<300 {
      _ = try await store.put(bytes, durability: .relaxed)
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask { for _ in 0..<5 { _ = try? await store.get(digest) } }
        }
        group.addTask { _ = try? await store.delete(digest) }
      }
      #expect(try await store.get(digest) == nil)
    }
    await store.close()
  }
}
