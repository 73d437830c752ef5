import Bytes
import Codec
import Disk
import Testing

@testable import BlobEngine

@Suite("Space")
struct SpaceTests {
  /// Puts until the store is full, and returns what it took.
  private func fill(_ store: CoreHarness, from seed: Int = 0) throws -> [SHA256Digest: [UInt8]] {
    var blobs: [SHA256Digest: [UInt8]] = [:]
    for seed in seed..<(seed + 2_000) {
      let bytes = noise(30_000, seed: UInt64(seed))
      do {
        blobs[try store.put(bytes).key] = bytes
      } catch EngineError.storageFull {
        return blobs
      }
    }
    Issue.record("the store is never full")
    return blobs
  }

  private static let tight = StoreOptions(
    segmentByteCount: 256 << 10,
    capacityByteCount: 2 << 20,
    recentByteLimit: 0,
    checkpointByteInterval: 1 << 30
  )

  @Test func `a full store refuses bytes, serves reads and takes deletes`() throws {
    let store = CoreHarness(options: Self.tight)
    var blobs = try fill(store)
    #expect(blobs.count > 20)
    #expect(store.disk.slotByteCount <= 2 << 20)
    #expect(throws: EngineError.storageFull) { try store.beginUpload() }
    for key in blobs.keys.sorted().prefix(10) {
      #expect(try store.delete(key))
      blobs[key] = nil
    }
    for opensAgain in [false, true] {
      let harness = opensAgain ? store.reopened(options: Self.tight) : store
      for (key, bytes) in blobs { #expect(try harness.get(key) == bytes) }
      #expect(harness.engine.blobCount == blobs.count)
    }
  }

  @Test func `large blobs that are deleted give their slots back without copying`() throws {
    let store = CoreHarness(options: Self.tight)
    // 30 × 700 KB pass through a store of 2 MiB.
    for round in 0..<30 {
      let bytes = noise(700_000, seed: UInt64(round))
      let key = try store.upload(bytes).key
      #expect(try store.get(key, 600_000..<600_010) == Array(bytes[600_000..<600_010]))
      #expect(try store.delete(key))
      if round % 10 == 9 { #expect(try store.get(key) == nil) }
    }
  }

  @Test func `a file system without room is an ordinary refusal, and room is found again`() throws {
    let disk = MemoryDisk()
    disk.capacity = 1 << 20
    let store = CoreHarness(disk)
    let blobs = try fill(store)
    #expect(blobs.count > 3)
    disk.capacity = .max
    store.engine.receive(.tick(unixMilliseconds: 2_000_000))
    #expect(try store.put([1, 2, 3]).wasNew)
    for (key, bytes) in blobs { #expect(try store.get(key) == bytes) }
  }

  @Test func `an upload that meets a full store fails whole and leaves nothing alive`() throws {
    let store = CoreHarness(options: Self.tight)
    let key = SHA256Stream.digest(of: noise(3_000_000).span)
    #expect(throws: EngineError.storageFull) { try store.upload(noise(3_000_000)) }
    #expect(try store.get(key) == nil)
    #expect(store.engine.blobCount == 0)
  }

  @Test func `what waits is counted, and is nothing once all is answered`() throws {
    let store = CoreHarness()
    try store.put([0])
    store.isHolding = true
    let blob = try store.preparer.blob(noise(1_000))
    for _ in 0..<3 { _ = store.ask(.put(blob, .flushed)) }
    store.run()
    #expect(store.engine.bufferedByteCount == 3_000)
    store.release()
    #expect(store.engine.bufferedByteCount == 0)
    let isIdle = store.engine.isIdle
    #expect(isIdle)
  }
}
