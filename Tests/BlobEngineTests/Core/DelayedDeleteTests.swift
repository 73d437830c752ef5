import Bytes
import Codec
import Disk
import Testing

@testable import BlobEngine

@Suite("Delayed deletes")
struct DelayedDeleteTests {
  private static let start: UInt64 = 1_000_000
  private static let delay: UInt64 = 640_000

  private static var options: StoreOptions {
    var options = CoreHarness.uncachedOptions
    options.deletionDelayMilliseconds = delay
    options.reclaims = false
    options.compresses = false
    return options
  }

  private func undelete(_ key: SHA256Digest, in store: CoreHarness) throws -> BlobInfo? {
    switch try store.request(.undelete(key)) {
    case .stored(let info): return info
    case .absent: return nil
    default: throw CoreHarness.Unexpected()
    }
  }

  private func usage(_ store: CoreHarness) throws -> StoreUsage {
    guard case .usage(let usage) = try store.request(.usage) else { throw CoreHarness.Unexpected() }
    return usage
  }

  private func loseIndex(of store: CoreHarness) {
    for case .checkpoint(let partition, let second) in store.disk.files.keys {
      store.disk.files[.checkpoint(partition: partition, second: second)] = nil
    }
  }

  /// What becomes of a store between a delete and its undelete.
  enum Meantime: CaseIterable {
    case nothing, crash, checkpointAndCrash, close, lostIndex, compaction, compactionAndLostIndex
  }

  private func spend(_ meantime: Meantime, _ store: CoreHarness) throws -> CoreHarness {
    switch meantime {
    case .nothing: return store
    case .crash: break
    case .checkpointAndCrash: try store.request(.checkpoint)
    case .close: try store.close()
    case .lostIndex: loseIndex(of: store)
    case .compaction:
      try store.request(.compact)
      return store
    case .compactionAndLostIndex:
      try store.request(.compact)
      try store.request(.checkpoint)
      loseIndex(of: store)
    }
    return store.reopened(options: Self.options)
  }

  @Test(arguments: Meantime.allCases, [6_000, 900_000])
  func `a deleted blob is gone at once and can be had back`(
    _ meantime: Meantime,
    _ byteCount: Int
  ) throws {
    let store = CoreHarness(options: Self.options)
    let bytes = noise(byteCount)
    let other = try store.upload(noise(300_000, seed: 3)).key
    let key = try byteCount > 100_000 ? store.upload(bytes).key : store.put(bytes).key
    let others = try (0..<40).map { try store.put(noise(5_000, seed: 100 + UInt64($0))).key }
    for key in others.dropLast() { #expect(try store.delete(key)) }
    #expect(try store.delete(key))
    #expect(try !store.delete(key))
    let later = try spend(meantime, store)
    #expect(try later.get(key) == nil)
    #expect(try !later.keys().contains(key))
    #expect(later.engine.blobCount == 2)
    let kept = try usage(later)
    #expect(kept.delayedBlobCount == 40)
    #expect(kept.delayedByteCount >= UInt64(byteCount + 39 * 5_000))
    #expect(kept.delayedByteCount < UInt64(byteCount + 39 * 5_000) + 40_000)
    #expect(try undelete(key, in: later)?.byteCount == UInt64(byteCount))
    #expect(try later.get(key) == bytes)
    #expect(try later.keys().contains(key))
    #expect(try usage(later).delayedBlobCount == 39)
    let last = later.reopened(options: Self.options, seed: 3)
    #expect(try last.get(key) == bytes)
    #expect(try last.get(other) == noise(300_000, seed: 3))
    #expect(last.engine.audit().isEmpty)
  }

  @Test(arguments: [6_000, 900_000])
  func `when the delay is over the bytes are dead`(_ byteCount: Int) throws {
    let store = CoreHarness(options: Self.options)
    let key = try store.upload(noise(byteCount)).key
    #expect(try store.delete(key))
    store.pass(to: Self.start + Self.delay / 32)
    store.pass(to: Self.start + Self.delay * 63 / 64)
    #expect(try usage(store).delayedBlobCount == 1)
    store.pass(to: Self.start + Self.delay * 66 / 64)
    let usage = try usage(store)
    #expect(usage.delayedBlobCount == 0)
    #expect(usage.delayedByteCount == 0)
    #expect(usage.deadByteCount >= UInt64(byteCount))
    #expect(try undelete(key, in: store) == nil)
    #expect(store.engine.audit().isEmpty)
  }

  @Test(arguments: [6_000, 900_000])
  func `a delay may end while the store is closed`(_ byteCount: Int) throws {
    let store = CoreHarness(options: Self.options)
    let early = try store.upload(noise(byteCount)).key
    #expect(try store.delete(early))
    for part in 1...4 { store.pass(to: Self.start + Self.delay * UInt64(part) / 8) }
    let late = try store.upload(noise(byteCount, seed: 8)).key
    #expect(try store.delete(late))
    try store.request(.checkpoint)
    let time = Self.start + Self.delay * 5 / 4
    let later = store.reopened(options: Self.options, milliseconds: time)
    #expect(try undelete(early, in: later) == nil)
    #expect(try usage(later).delayedBlobCount == 1)
    #expect(try undelete(late, in: later) != nil)
    #expect(try later.get(late) == noise(byteCount, seed: 8))
    #expect(later.engine.audit().isEmpty)
  }

  @Test func `without what says when something was deleted it is kept for longer`() throws {
    let store = CoreHarness(options: Self.options)
    let key = try store.put(noise(6_000)).key
    #expect(try store.delete(key))
    for part in 1...4 { store.pass(to: Self.start + Self.delay * UInt64(part) / 8) }
    try store.request(.checkpoint)
    loseIndex(of: store)
    let time = Self.start + Self.delay * 5 / 4
    let later = store.reopened(options: Self.options, milliseconds: time)
    #expect(try usage(later).delayedBlobCount == 1)
    later.pass(to: time + Self.delay / 32)
    later.pass(to: time + Self.delay * 5 / 4)
    #expect(try usage(later).delayedBlobCount == 0)
    #expect(later.engine.audit().isEmpty)
  }

  @Test func `a store without a delay gives up what another run kept`() throws {
    let store = CoreHarness(options: Self.options)
    let key = try store.upload(noise(900_000)).key
    #expect(try store.delete(key))
    try store.request(.checkpoint)
    #expect(store.engine.superblock.features.contains(.delayedDeletes))
    var options = Self.options
    options.deletionDelayMilliseconds = 0
    let later = store.reopened(options: options)
    #expect(try undelete(key, in: later) == nil)
    #expect(try usage(later).delayedBlobCount == 0)
    #expect(try usage(later).deadByteCount >= 900_000)
    #expect(later.engine.audit().isEmpty)
  }

  @Test func `a put of a deleted blob stores it anew, and its next delete begins anew`() throws {
    let store = CoreHarness(options: Self.options)
    let bytes = noise(900_000)
    let key = try store.upload(bytes).key
    #expect(try store.delete(key))
    for part in 1...4 { store.pass(to: Self.start + Self.delay * UInt64(part) / 8) }
    #expect(try store.upload(bytes).wasNew)
    #expect(try usage(store).delayedBlobCount == 0)
    #expect(store.engine.audit().isEmpty)
    #expect(try store.delete(key))
    store.pass(to: Self.start + Self.delay * 5 / 4)
    #expect(try usage(store).delayedBlobCount == 1)
    #expect(try undelete(key, in: store) != nil)
    #expect(try store.get(key) == bytes)
    store.pass(to: Self.start + Self.delay * 2)
    #expect(try store.get(key) == bytes)
    #expect(store.engine.audit().isEmpty)
  }

  @Test func `what is there or was never there is not changed by an undelete`() throws {
    let store = CoreHarness(options: Self.options)
    let key = try store.put(noise(6_000)).key
    #expect(try undelete(key, in: store)?.byteCount == 6_000)
    #expect(try undelete(SHA256Stream.digest(of: noise(9).span), in: store) == nil)
    #expect(store.engine.blobCount == 1)
  }

  @Test(arguments: [false, true])
  func `an undelete right after an open waits until it is known what is kept`(
    _ isOver: Bool
  ) throws {
    let store = CoreHarness(options: Self.options)
    let keys = try (0..<60).map { try store.put(noise(6_000, seed: $0)).key }
    for key in keys { #expect(try store.delete(key)) }
    store.pass(to: Self.start + Self.delay / 8)
    for seed in 0..<60 { try store.put(noise(6_000, seed: 100 + UInt64(seed))) }
    try store.close()
    let later = CoreHarness(
      store.disk,
      options: Self.options,
      seed: 9,
      milliseconds: Self.start + Self.delay * (isOver ? 5 : 2) / 4,
      holdsWhenOpen: true
    )
    let asked = later.ask(.undelete(keys[7]))
    later.run()
    #expect(!later.held.isEmpty)
    #expect(later.answer(to: asked) == nil)
    later.release()
    #expect(later.answer(to: asked) != nil)
    #expect(try later.get(keys[7]) == (isOver ? nil : noise(6_000, seed: 7)))
    #expect(try usage(later).delayedBlobCount == (isOver ? 0 : 59))
  }

  @Test func `the pieces of a deleted blob move, and it stays deleted`() throws {
    let store = CoreHarness(options: Self.options)
    try store.request(.checkpoint)
    // Two to a segment.
    let keys = try (0..<12).map { try store.upload(noise(100_000, seed: $0)).key }
    let (early, late) = (keys[0], keys[1])
    for number in stride(from: 0, to: 12, by: 3) { #expect(try store.delete(keys[number])) }
    for part in 1...4 { store.pass(to: Self.start + Self.delay * UInt64(part) / 8) }
    for number in stride(from: 1, to: 12, by: 3) { #expect(try store.delete(keys[number])) }
    store.pass(to: Self.start + Self.delay * 5 / 4)
    #expect(try usage(store).delayedBlobCount == 4)
    let before = store.engine.recordMoveCount
    try store.request(.compact)
    #expect(store.engine.recordMoveCount > before, "the list was written anew")
    #expect(try usage(store).delayedByteCount >= 400_000)
    #expect(try usage(store).freedSegmentCount > 0)
    #expect(store.engine.audit().isEmpty)
    loseIndex(of: store)
    let time = Self.start + Self.delay * 5 / 4
    let later = store.reopened(options: Self.options, milliseconds: time)
    #expect(try later.get(late) == nil)
    #expect(try undelete(late, in: later) != nil)
    #expect(try later.get(late) == noise(100_000, seed: 1))
    #expect(try later.get(early) == nil)
    #expect(try later.get(keys[5]) == noise(100_000, seed: 5))
    #expect(later.engine.blobCount == 5)
    loseIndex(of: later)
    let last = later.reopened(options: Self.options, seed: 3, milliseconds: time)
    #expect(try last.get(late) == noise(100_000, seed: 1))
    #expect(later.engine.audit().isEmpty)
    // Without a delay the list of a deleted blob is that of none.
    var options = Self.options
    options.deletionDelayMilliseconds = 0
    #expect(try last.delete(late))
    loseIndex(of: last)
    #expect(try last.reopened(options: options).get(late) == nil)
  }

  // MARK: A full store

  private func fill(_ store: CoreHarness, from seed: UInt64) throws -> [SHA256Digest] {
    var keys: [SHA256Digest] = []
    while keys.count < 2_000 {
      do {
        keys.append(try store.put(noise(30_000, seed: seed + UInt64(keys.count))).key)
      } catch EngineError.storageFull {
        return keys
      }
    }
    throw CoreHarness.Unexpected()
  }

  @Test func `a full store gives up the oldest deletes first, and says so`() throws {
    var options = Self.options
    options.reclaims = true
    let store = CoreHarness(options: options)
    let keys = try fill(store, from: 0)
    for key in keys { #expect(try store.delete(key)) }
    for seed in 0..<12 { try store.put(noise(30_000, seed: 9_000 + UInt64(seed))) }
    let usage = try usage(store)
    #expect(usage.earlyGivenUpBlobCount > 0)
    #expect(usage.delayedBlobCount > keys.count / 2, "no more than is needed is given up")
    #expect(store.logged.contains { $0.level == .alarm && $0.message.contains("given up") })
    #expect(try undelete(keys[0], in: store) == nil)
    #expect(try undelete(keys[keys.count - 1], in: store) != nil)
    for seed in 0..<12 {
      let bytes = noise(30_000, seed: 9_000 + UInt64(seed))
      #expect(try store.get(SHA256Stream.digest(of: bytes.span)) == bytes)
    }
  }

  @Test func `a full store that keeps what is deleted refuses puts`() throws {
    var options = Self.options
    options.reclaims = true
    options.keepsDeletedWhenFull = true
    let store = CoreHarness(options: options)
    let keys = try fill(store, from: 0)
    for key in keys { #expect(try store.delete(key)) }
    #expect(throws: EngineError.storageFull) { try store.put(noise(30_000, seed: 9_000)) }
    #expect(try usage(store).delayedBlobCount == keys.count)
    store.pass(to: Self.start + Self.delay / 8)
    store.pass(to: Self.start + Self.delay * 5 / 4)
    try store.put(noise(30_000, seed: 9_001))
    #expect(try usage(store).delayedBlobCount == 0)
    #expect(try usage(store).earlyGivenUpBlobCount == 0)
  }

  // MARK: What other builds see

  @Test func `a build that knows nothing of it must refuse the store`() throws {
    let store = CoreHarness(options: Self.options)
    #expect(!store.engine.superblock.features.contains(.delayedDeletes))
    try store.request(.checkpoint)
    let features = store.engine.superblock.features
    #expect(features.contains(.delayedDeletes))
    let old = FeatureWords(incompatible: FeatureWords.encryptionBit | FeatureWords.recipesBit)
    #expect(features.access(knowing: old) == .none)
  }
}
