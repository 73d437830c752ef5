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

  /// Nothing but the superblock may be written when a checkpoint is due on a full file system.
  @Test func `a checkpoint needs no room, and a put whose entry has none is refused`() throws {
    let store = CoreHarness(options: Self.unlimited)
    var keys = try (0..<40).map { try store.put(noise(300, seed: $0)).key }
    store.disk.capacity = store.disk.byteCount
    var refusedCount = 0
    for seed in 100..<200 {
      do {
        keys.append(try store.put(noise(300, seed: UInt64(seed))).key)
      } catch EngineError.storageFull {
        refusedCount += 1
      }
    }
    // Most partitions of the index have no files yet.
    #expect(refusedCount > 50 && keys.count > 40, "\(refusedCount) refused")
    try store.request(.checkpoint)
    let harness = store.reopened(options: Self.unlimited)
    for key in keys { #expect(try harness.get(key) != nil) }
    store.disk.capacity = .max
    harness.engine.receive(.tick(unixMilliseconds: 2_000_000))
    for seed in 100..<200 { try harness.put(noise(300, seed: UInt64(seed))) }
  }

  @Test func `files of the index are made longer before their entries come`() throws {
    let store = CoreHarness(options: Self.unlimited)
    var keys: [SHA256Digest] = []
    for number in 0..<200_000 where keys.count < 300 {
      let bytes = [0, 8, 16].map { UInt8(truncatingIfNeeded: number >> $0) }
      guard store.engine.indexKey(SHA256Stream.digest(of: bytes.span)).partition == 7 else {
        continue
      }
      keys.append(try store.put(bytes).key)
    }
    let files = [false, true].map { StoreFile.checkpoint(partition: 7, second: $0) }
    for file in files {
      let byteCount = try #require(store.disk.sizes[file])
      #expect(CheckpointPages.entryCapacity(ofFileByteCount: byteCount) > 300)
    }
    let growth = store.disk.log.count { if case .extend = $0 { true } else { false } }
    #expect(growth == 2 || growth == 4, "ahead, and not with each entry")
    store.disk.capacity = store.disk.byteCount
    for _ in 0..<2 { try store.request(.checkpoint) }
    let again = store.reopened(options: Self.unlimited)
    for key in keys { #expect(try again.get(key) != nil) }
  }

  @Test func `a new store may make all files of its index before a put needs one`() throws {
    var options = Self.unlimited
    options.makesIndexAhead = true
    let store = CoreHarness(options: options)
    let fileCount = { (store: CoreHarness) in
      store.disk.log.count { operation in
        if case .create(.checkpoint, _) = operation { true } else { false }
      }
    }
    #expect(fileCount(store) == 2 * StoreFormat.partitionCount)
    let keys = try (0..<500).map { try store.put(noise(300, seed: $0)).key }
    #expect(fileCount(store) == 2 * StoreFormat.partitionCount)
    let again = store.reopened(options: options)
    for key in keys { #expect(try again.get(key) != nil) }
    #expect(fileCount(again) == 2 * StoreFormat.partitionCount, "they were there")
  }

  @Test func `files that find no room ahead are asked for again when somebody needs them`() throws {
    var options = Self.unlimited
    options.makesIndexAhead = true
    let disk = MemoryDisk()
    disk.capacity = 600 << 10
    let store = CoreHarness(disk, options: options)
    let made = disk.sizes.count
    #expect(made < 2 * StoreFormat.partitionCount)
    disk.capacity = .max
    store.engine.receive(.tick(unixMilliseconds: 2_000_000))
    store.run()
    #expect(disk.sizes.count == made, "nobody needs them")
    for seed in 0..<500 { try store.put(noise(300, seed: UInt64(seed))) }
    #expect(disk.sizes.count > made)
  }

  @Test func `the room of a file is that of the entries whose pages it holds`() {
    for count in [1, 2, 254, 255, 256, 4094, 4095, 4096, 4350, 4351, 9000] {
      let byteCount = UInt64(CheckpointPages.fileByteCount(entryCount: count))
      let capacity = CheckpointPages.entryCapacity(ofFileByteCount: byteCount)
      #expect(capacity >= count)
      #expect(UInt64(CheckpointPages.fileByteCount(entryCount: capacity)) == byteCount)
      #expect(UInt64(CheckpointPages.fileByteCount(entryCount: capacity + 1)) > byteCount)
    }
    #expect(CheckpointPages.entryCapacity(ofFileByteCount: 0) == 0)
    #expect(CheckpointPages.entryCapacity(ofFileByteCount: 4096) == 0)
  }

  /// Each crash would otherwise take what is left of the open segments away.
  @Test func `a full store that crashes again and again takes deletes, and then bytes`() throws {
    var store = CoreHarness(options: Self.tight)
    var keys = try fill(store).keys.sorted()
    var round: UInt64 = 3
    while let key = keys.popLast() {
      #expect(try store.delete(key), "\(keys.count) are left")
      store = store.reopened(options: Self.tight, seed: round)
      round += 1
    }
    #expect(store.engine.blobCount == 0)
    #expect(try fill(store, from: 5_000).count > 20)
  }

  /// Bytes in the segment that deletes have opened in the reserve would have to be deleted first.
  @Test func `deletes are taken however often a store is filled in between`() throws {
    let store = CoreHarness(options: Self.tight)
    var blobs = try fill(store)
    let most = blobs.count
    for round in 1...60 {
      let keys = blobs.keys.sorted()
      for key in keys.prefix(keys.count / 5) {
        #expect(try store.delete(key))
        blobs[key] = nil
      }
      blobs.merge(try fill(store, from: round * 2_000)) { $1 }
    }
    #expect(blobs.count * 2 > most, "\(blobs.count), and once \(most)")
    for (key, bytes) in blobs { #expect(try store.get(key) == bytes) }
  }

  /// What callers put there would have to be deleted before the segment comes back.
  @Test func `a segment that deletes have opened in the reserve takes no bytes`() throws {
    let store = CoreHarness(options: Self.unreclaimed)
    var keys = try fill(store).keys.sorted()
    try deleteIntoReserve(store, &keys)
    #expect(throws: EngineError.storageFull) { try store.put([1, 2, 3]) }
    let key = try #require(keys.last)
    #expect(try store.delete(key))
  }

  /// Deletes until they take a slot that is kept for them.
  private func deleteIntoReserve(_ store: CoreHarness, _ keys: inout [SHA256Digest]) throws {
    while store.engine.placeCount >= store.engine.slots.kept {
      let key = try #require(keys.last)
      keys.removeLast()
      #expect(try store.delete(key))
    }
  }

  private static let unreclaimed = StoreOptions(
    segmentByteCount: 256 << 10,
    capacityByteCount: 2 << 20,
    recentByteLimit: 0,
    checkpointByteInterval: 1 << 30,
    reclaims: false,
    compresses: false
  )

  @Test func `the reserve is made whole before anybody else gets room`() throws {
    let store = CoreHarness(options: Self.unlimited)
    store.disk.capacity = store.disk.byteCount + (1 << 20)
    let blobs = try fill(store)
    for key in blobs.keys { #expect(try store.delete(key)) }
    guard case .usage(let usage) = try store.request(.usage) else { throw CoreHarness.Unexpected() }
    // Deletes may have used it. Slots with files are counted, whatever they hold.
    store.disk.capacity = store.disk.byteCount + (64 << 10)
    let crashed = store.reopened(options: Self.unlimited)
    #expect(crashed.openFailure == nil, "\(usage)")
    crashed.disk.capacity = .max
    for second in 2_001...2_010 {
      crashed.engine.receive(.tick(unixMilliseconds: UInt64(second) * 1_000))
      crashed.run()
    }
    #expect(crashed.engine.slots.freeCount >= SlotTable.reserve)
    #expect(try crashed.put([1, 2, 3]).wasNew)
  }

  private static let unlimited = StoreOptions(
    segmentByteCount: 256 << 10,
    recentByteLimit: 0,
    checkpointByteInterval: 1 << 30,
    compresses: false
  )

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
