import Bytes
import Codec
import Testing

@testable import BlobEngine

@Suite("A store on a real disk")
struct BlobStoreTests {
  static let disks: [StoreOptions.InputOutput] = [.automatic, .threads]

  @Test(arguments: disks) func `what was put comes back, whole and in part`(
    _ disk: StoreOptions.InputOutput
  ) async throws {
    let bench = try await StoreBench(disk)
    for byteCount in [0, 1, 4095, 4096, 65_537, 131_072, 131_073, 1_000_000] {
      let bytes = bench.bytes(byteCount)
      let info = try await bench.store.put(bytes)
      #expect(info.key == SHA256Stream.digest(of: bytes.span))
      #expect(info.byteCount == UInt64(byteCount))
      #expect(info.wasNew)
      #expect(try await bench.store.get(info.key) == bytes)
      let (from, to) = (byteCount / 3, byteCount / 3 * 2)
      let part = try await bench.store.get(info.key, range: UInt64(from)..<UInt64(to))
      #expect(part == Array(bytes[from..<to]))
      let beyond = UInt64(byteCount)..<UInt64(byteCount) + 10
      #expect(try await bench.store.get(info.key, range: beyond) == [])
    }
    await bench.store.close()
  }

  @Test(arguments: disks) func `the same bytes at once and later are one blob`(
    _ disk: StoreOptions.InputOutput
  ) async throws {
    let bench = try await StoreBench(disk)
    let (store, bytes) = (bench.store, bench.bytes(20_000))
    let new = try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<50 { group.addTask { try await store.put(bytes).wasNew } }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(new == 1)
    #expect(try await store.put(bytes).wasNew == false)
    await store.close()
  }

  @Test(arguments: disks) func `many tasks under a small bound all get through`(
    _ disk: StoreOptions.InputOutput
  ) async throws {
    let bench = try await StoreBench(disk) { $0.bufferedByteLimit = 100_000 }
    let store = bench.store
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<100 {
        let bytes = bench.bytes(1_000 + number * 977, number)
        group.addTask {
          let info = try await store.put(bytes)
          #expect(try await store.get(info.key) == bytes)
        }
      }
      try await group.waitForAll()
    }
    await store.close()
  }

  @Test func `a store is found again after a close, and after none`() async throws {
    let bench = try await StoreBench(.automatic)
    let first = try await bench.store.put(bench.bytes(5_000))
    await bench.store.close()
    let again = try await bench.open()
    #expect(again.report.wasClean)
    #expect(try await again.stat(first.key)?.byteCount == 5_000)
    #expect(try await again.delete(first.key))
    #expect(try await again.delete(first.key) == false)
    #expect(try await again.get(first.key) == nil)
    #expect(try await again.makeReader(for: first.key) == nil)
    await again.close()
  }

  @Test func `a closed store says so to everybody`() async throws {
    let bench = try await StoreBench(.threads)
    let store = bench.store
    let info = try await store.put([1])
    let writer = try await store.makeWriter()
    try await writer.write(bench.bytes(300_000))
    await store.close()
    await store.close()
    await #expect(throws: EngineError.closed) { try await store.put([2]) }
    await #expect(throws: EngineError.closed) { try await store.get(info.key) }
    await #expect(throws: EngineError.closed) { try await store.makeWriter() }
    await #expect(throws: EngineError.closed) { try await writer.finish() }
  }

  @Test func `bytes that are not what was announced are not stored`() async throws {
    let bench = try await StoreBench(.automatic)
    for byteCount in [100, 400_000] {
      let bytes = bench.bytes(byteCount)
      let (actual, other) = (SHA256Stream.digest(of: bytes.span), SHA256Stream.digest(of: [0].span))
      await #expect(throws: EngineError.digestMismatch(expected: other, actual: actual)) {
        try await bench.store.put(bytes, expecting: other)
      }
      #expect(try await bench.store.stat(actual) == nil)
      #expect(try await bench.store.put(bytes, expecting: actual).wasNew)
    }
    await bench.store.close()
  }

  @Test func `a cancelled caller harms nothing`() async throws {
    let bench = try await StoreBench(.automatic) { $0.bufferedByteLimit = 50_000 }
    let store = bench.store
    let tasks = (0..<50).map { number in
      let bytes = bench.bytes(40_000, number)
      return Task { try await store.put(bytes) }
    }
    for task in tasks { task.cancel() }
    for (number, task) in tasks.enumerated() {
      let info = try await task.value
      #expect(try await store.get(info.key) == bench.bytes(40_000, number))
    }
    await store.close()
  }
}
