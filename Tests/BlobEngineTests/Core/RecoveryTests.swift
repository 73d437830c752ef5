import Bytes
import Codec
import Disk
import Testing

@testable import BlobEngine

/// The numbered cases and the ladder of *Recovery*, one by one; each test breaks the rung above.
@Suite("Recovery")
struct RecoveryTests {
  /// A store with small blobs in several segments, as a crash of the process leaves it.
  private func filled(_ count: Int = 40) throws -> (CoreHarness, [SHA256Digest: [UInt8]]) {
    let store = CoreHarness()
    var blobs: [SHA256Digest: [UInt8]] = [:]
    for seed in 0..<count {
      let bytes = noise(10_000 + seed * 100, seed: UInt64(seed))
      blobs[try store.put(bytes).key] = bytes
    }
    return (store, blobs)
  }

  private func expect(_ store: CoreHarness, holds blobs: [SHA256Digest: [UInt8]]) throws {
    for (key, bytes) in blobs { #expect(try store.get(key) == bytes) }
    #expect(try store.keys() == Set(blobs.keys))
  }

  @Test func `an empty directory becomes a store, and is one afterwards`() throws {
    let store = CoreHarness()
    #expect(store.report?.wasCreated == true)
    let again = store.reopened()
    #expect(again.report?.wasCreated == false)
    #expect(again.report?.epoch == 2)
  }

  @Test func `a crash loses nothing that was acknowledged`() throws {
    let (store, blobs) = try filled()
    let again = store.reopened()
    #expect(again.report?.wasClean == false)
    #expect(again.report?.blobCount == blobs.count)
    #expect(again.report?.damagedBatchCount == 0, "a batch lies across two windows of the walk")
    try expect(again, holds: blobs)
  }

  /// Windows are of 128 KiB here, batches of 12: the eleventh lies across two.
  @Test func `a batch that lies across two windows of a walk is whole`() throws {
    let (store, blobs) = try filled(12)
    let again = store.reopened()
    #expect(again.report?.damagedBatchCount == 0)
    try expect(again, holds: blobs)
  }

  @Test func `opening twice gives the same, and a close is remembered`() throws {
    let (store, blobs) = try filled()
    try expect(store.reopened().reopened(), holds: blobs)
    let last = store.reopened()
    try last.close()
    let closed = last.reopened()
    #expect(closed.report?.wasClean == true)
    try expect(closed, holds: blobs)
  }

  @Test func `after a close the log goes on in the same slot, after a crash in a fresh one`() throws
  {
    let store = CoreHarness()
    try store.put([1])
    let slot = try #require(store.engine.lanes[.ingest].active)
    try store.close()
    let closed = store.reopened()
    try closed.put([2])
    #expect(closed.engine.lanes[.ingest].active == slot)
    let crashed = closed.reopened()
    try crashed.put([3])
    #expect(try #require(crashed.engine.lanes[.ingest].active) != slot)
  }

  @Test func `deletes stay deleted, from footers and from batches`() throws {
    let (store, blobs) = try filled()
    let gone = blobs.keys.sorted().prefix(20)
    for key in gone { #expect(try store.delete(key)) }
    var kept = blobs
    for key in gone { kept[key] = nil }
    let again = store.reopened()
    try expect(again, holds: kept)
    try again.request(.checkpoint)
    try expect(again.reopened(), holds: kept)
  }

  @Test func `a checkpoint spares the log, and what follows it is replayed`() throws {
    let (store, blobs) = try filled()
    try store.request(.checkpoint)
    var all = blobs
    for seed in 100..<110 {
      let bytes = noise(3_000, seed: UInt64(seed))
      all[try store.put(bytes).key] = bytes
    }
    let gone = try #require(blobs.keys.min())
    #expect(try store.delete(gone))
    all[gone] = nil
    let again = store.reopened()
    try expect(again, holds: all)
    try again.request(.checkpoint)
    try again.request(.checkpoint)
    try expect(again.reopened(), holds: all)
  }

  @Test func `many small blobs have the index checkpointed, and those count that were replayed`()
    throws
  {
    var options = CoreHarness.smallOptions
    options.checkpointRecordInterval = 10
    options.reclaims = false
    let store = CoreHarness(options: options)
    let first = store.engine.superblock.checkpointID
    for number in 0..<9 { try store.put([1, UInt8(number)]) }
    #expect(store.engine.superblock.checkpointID == first)
    let again = store.reopened(options: options)
    #expect(again.engine.superblock.checkpointID == first)
    try again.put([2])
    #expect(again.engine.superblock.checkpointID > first)
    // A quarter of a hundred is more than ten.
    for number in 0..<100 { try again.put([3, UInt8(number)]) }
    try again.request(.checkpoint)
    let second = again.engine.superblock.checkpointID
    for number in 0..<20 { try again.put([4, UInt8(number)]) }
    #expect(again.engine.superblock.checkpointID == second)
    for number in 20..<40 { try again.put([4, UInt8(number)]) }
    #expect(again.engine.superblock.checkpointID == second + 1)
  }

  // MARK: The ladder

  @Test(arguments: [[0], [3], [0, 1], [1, 2], [2, 3]])
  func `lost copies of the superblock are made anew`(lost: [Int]) throws {
    let (store, blobs) = try filled(3)
    for copy in lost { store.disk.corrupt(.superblock, at: copy * 4096 + 50) }
    try expect(store.reopened(), holds: blobs)
    let file = try #require(store.disk.files[.superblock])
    #expect(try SuperblockElection(reading: file.span).agreeingCopies.count == 4)
  }

  @Test func `a store without a superblock that two copies agree on is refused, not made anew`()
    throws
  {
    let (store, _) = try filled(3)
    for copy in 0..<3 { store.disk.corrupt(.superblock, at: copy * 4096 + 50) }
    let before = store.disk.files
    let again = store.reopened()
    guard case .notAStore = again.openFailure else {
      Issue.record("\(String(describing: again.openFailure))")
      return
    }
    #expect(store.disk.files == before)
  }

  @Test func `every header may be lost: the batches tell what it said`() throws {
    let (store, blobs) = try filled()
    for case .slot(let slot) in store.disk.files.keys { store.disk.corrupt(.slot(slot), at: 100) }
    try expect(store.reopened(), holds: blobs)
  }

  @Test func `every partition of a checkpoint may be lost`() throws {
    let (store, blobs) = try filled()
    try store.request(.checkpoint)
    for case .checkpoint(let partition, let second) in store.disk.files.keys {
      let offset = partition % 2 == 0 ? 50 : 4096 + 20
      store.disk.corrupt(.checkpoint(partition: partition, second: second), at: offset)
    }
    try expect(store.reopened(), holds: blobs)
  }

  @Test func `every file of a checkpoint may be missing`() throws {
    let (store, blobs) = try filled()
    try store.request(.checkpoint)
    for case .checkpoint(let partition, let second) in store.disk.files.keys {
      store.disk.files[.checkpoint(partition: partition, second: second)] = nil
    }
    try expect(store.reopened(), holds: blobs)
  }

  @Test(arguments: [1, 5_000]) func `every footer may be lost`(fromEnd: Int) throws {
    let (store, blobs) = try filled()
    for case .slot(let slot) in store.disk.files.keys {
      store.disk.corrupt(.slot(slot), at: (256 << 10) - fromEnd)
    }
    let again = store.reopened()
    try expect(again, holds: blobs)
    try expect(again.reopened(), holds: blobs)
  }

  // MARK: The tail rule

  @Test func `a torn batch at the end is forgotten quietly`() throws {
    let store = CoreHarness()
    let kept = try store.put(noise(9_000)).key
    let lost = try store.put(noise(9_000, seed: 8)).key
    let place = try #require(store.lastBatch)
    store.disk.corrupt(.slot(place.slot), at: place.offset + 4_200)
    let again = store.reopened()
    #expect(again.report?.damagedBatchCount == 0)
    #expect(try again.get(kept) == noise(9_000))
    #expect(try again.get(lost) == nil)
    #expect(again.logged.allSatisfy { $0.level != .alarm })
  }

  @Test func `a bad batch in the middle costs no other, and is told of`() throws {
    let store = CoreHarness()
    var keys: [SHA256Digest] = []
    var places: [MemoryDisk.Place] = []
    for seed in 0..<6 {
      keys.append(try store.put(noise(9_000, seed: UInt64(seed))).key)
      places.append(try #require(store.lastBatch))
    }
    store.disk.corrupt(.slot(places[2].slot), at: places[2].offset + 4_200)
    store.disk.corrupt(.slot(places[4].slot), at: places[4].offset + 30)
    let again = store.reopened()
    #expect(again.report?.damagedBatchCount == 2)
    #expect(again.logged.contains { $0.level == .alarm })
    for (seed, key) in keys.enumerated() where seed != 2 {
      #expect(try again.get(key) == noise(9_000, seed: UInt64(seed)))
    }
    #expect {
      try again.get(keys[2])
    } throws: { error in
      if case EngineError.damaged(key: keys[2], _) = error { true } else { false }
    }
  }

  @Test func `a damaged end of a store that was closed is damage, not a tear`() throws {
    let store = CoreHarness()
    try store.put(noise(9_000))
    let key = try store.put(noise(9_000, seed: 8)).key
    let place = try #require(store.lastBatch)
    try store.close()
    store.disk.corrupt(.slot(place.slot), at: place.offset + 4_200)
    let again = store.reopened()
    #expect(again.report?.damagedBatchCount == 1)
    #expect {
      try again.get(key)
    } throws: { error in
      if case EngineError.damaged(key: key, _) = error { true } else { false }
    }
    #expect(try again.put(noise(9_000, seed: 8)).wasNew)
    #expect(try again.get(key) == noise(9_000, seed: 8))
  }

  @Test func `a damaged tail is found out by the segment that follows it`() throws {
    let store = CoreHarness()
    let early = try store.put(noise(9_000)).key
    let late = try store.put(noise(9_000, seed: 8)).key
    let place = try #require(store.lastBatch)
    store.disk.fault = { operation in
      // No footer for the segment that the crash leaves behind.
      if case .write(.slot(place.slot), _, _, _, _, _) = operation {
        return .system(operation: "write", code: 5)
      }
      return nil
    }
    let crashed = CoreHarness(store.disk, seed: 3)
    let after = try crashed.put(noise(9_000, seed: 9)).key
    store.disk.fault = nil
    store.disk.corrupt(.slot(place.slot), at: place.offset + 4_200)
    let again = store.reopened()
    #expect(again.report?.damagedBatchCount == 1)
    #expect(try again.get(early) == noise(9_000))
    #expect(try again.get(after) == noise(9_000, seed: 9))
    #expect(throws: EngineError.self) { try again.get(late) }
  }

  @Test func `a store of a newer version is refused in words`() throws {
    let store = CoreHarness()
    var superblock = store.engine.superblock
    superblock.features.incompatible = 1 << 40
    superblock.sequence += 1
    for copy in 0..<Superblock.copyCount {
      store.disk.overwrite(.superblock, at: copy * 4096, with: superblock.encode(copy: copy))
    }
    guard case .unsupportedFormat(let words) = store.reopened().openFailure else {
      Issue.record("a store with unknown features is not opened")
      return
    }
    #expect(words.contains("features"))
  }
}
