import Bytes
import Codec
import Simulation
import Synchronization
import Testing

@testable import BlobEngine

@Suite("Sharing of members in the background")
struct BackgroundSharingTests {
  private let archives = (0..<4).map { SampleArchive.bytes(300_000, $0) }

  /// A store with archives among other blobs, in many segments.
  private func fill(_ store: BlobStore, _ bench: StoreBench) async throws -> [SHA256Digest] {
    var keys: [SHA256Digest] = []
    for (number, archive) in archives.enumerated() {
      keys.append(try await store.put(archive).key)
      for noise in 0..<3 { _ = try await store.put(bench.bytes(400_000, 2 * (number * 3 + noise))) }
    }
    return keys
  }

  private func pass(
    over store: BlobStore,
    _ rests: SharingRests = .none
  ) async throws -> SharingReport {
    var pass = try await SharingPass(store.runtime, rests)
    return try await pass.run()
  }

  private func expectAll(of keys: some Sequence<SHA256Digest>, in store: BlobStore) async throws {
    for (key, archive) in zip(keys, archives) { #expect(try await store.get(key) == archive) }
  }

  @Test func `nothing is shared unless the options say so`() async throws {
    #expect(!StoreOptions().sharesMembers)
    for isWanted in [false, true] {
      let bench = try await StoreBench(.threads) { if isWanted { $0.sharesMembers = true } }
      #expect((bench.store.sharing != nil) == isWanted)
      await bench.store.close()
    }
  }

  @Test(.timeLimit(.minutes(15)))
  func `archives of an open store come to share their members`() async throws {
    let bench = try await StoreBench(.automatic) {
      $0.compresses = false
      $0.sharesMembers = true
      $0.sharingPace.delay = .milliseconds(100)
      $0.sharingPace.pause = .milliseconds(20)
    }
    let store = bench.store
    let keys = try await fill(store, bench)
    let noise = UInt64(12 * 400_000)
    // 4 × 300 KB become 300 KB + 3 × 75 KB.
    while true {
      try await store.compact()
      if try await store.usage().liveByteCount < noise + 620_000 { break }
    }
    try await expectAll(of: keys, in: store)
    await store.close()
    #expect(try bench.features()?.contains(.recipes) == true)
  }

  @Test func `a pass shares what is worth it, and the next one finds it done`() async throws {
    let bench = try await StoreBench(.threads) { $0.compresses = false }
    let keys = try await fill(bench.store, bench)
    let lonely = try await bench.store.put(SampleArchive.bytes(300_000, 0, family: 9)).key
    let first = try await pass(over: bench.store)
    #expect(first.examinedCount == 17 && first.sharedCount == 4)
    #expect(first.byteCountAfter < 620_000)
    #expect(first.reasons["too little would be saved"] == 1)
    let second = try await pass(over: bench.store)
    #expect(second.sharedCount == 0)
    #expect((second.reasons["it is shared already, or gone"] ?? 0) >= 4)
    try await expectAll(of: keys, in: bench.store)
    #expect(try await bench.store.get(lonely)?.count == 300_000)
    await bench.store.close()
  }

  @Test func `a store whose archives have nothing in common says nothing of recipes`()
    async throws
  {
    let bench = try await StoreBench(.threads) { $0.compresses = false }
    for family in 0..<3 {
      _ = try await bench.store.put(SampleArchive.bytes(300_000, 0, family: family))
    }
    let report = try await pass(over: bench.store)
    #expect(report.sharedCount == 0 && report.examinedCount == 3)
    await bench.store.close()
    #expect(try bench.features()?.isEmpty == true)
  }

  @Test func `a release that comes later shares with recipes`() async throws {
    let bench = try await StoreBench(.threads) { $0.compresses = false }
    var keys: [SHA256Digest] = []
    for archive in archives.prefix(2) { keys.append(try await bench.store.put(archive).key) }
    #expect(try await pass(over: bench.store).sharedCount == 2)
    for archive in archives.dropFirst(2) { keys.append(try await bench.store.put(archive).key) }
    let report = try await pass(over: bench.store)
    #expect(report.sharedCount == 2 && report.byteCountAfter < 180_000)
    try await expectAll(of: keys, in: bench.store)
    await bench.store.close()
  }

  // MARK: Scopes

  /// A store in which two tenants have put two releases each, the second one the same two.
  private func scopes(_ bench: StoreBench, _ keys: [DataKey]) async throws {
    for key in keys {
      for archive in archives.prefix(2) {
        _ = try await bench.store.scoped(by: key).put(archive)
      }
    }
  }

  private func expectAll(in keys: [DataKey], of store: BlobStore) async throws {
    for key in keys {
      for archive in archives.prefix(2) {
        let digest = SHA256Stream.digest(of: archive.span)
        #expect(try await store.scoped(by: key).get(digest) == archive)
      }
    }
  }

  @Test func `a pass goes through the scopes whose keys are in use, one by one`() async throws {
    let bench = try await StoreBench(.threads) { $0.compresses = false }
    let keys = try (1...3).map { try DataKey.sample(UInt8($0)) }
    try await scopes(bench, keys)
    keys[2].forget()
    let report = try await pass(over: bench.store)
    #expect(report.examinedCount == 6 && report.sharedCount == 4, "\(report)")
    #expect(report.reasons["its key is not at hand"] == 2)
    // In each scope 300 KB + 75 KB: nothing of what the other one has.
    #expect((740_000..<800_000).contains(report.byteCountAfter), "\(report)")
    try await expectAll(in: Array(keys.prefix(2)) + [.sample(3)], of: bench.store)
    await bench.store.close()
    #expect(try bench.features()?.contains(.sealedRecipes) == true)
  }

  @Test func `tenants who have the same archive, and one each, share nothing`() async throws {
    let bench = try await StoreBench(.threads) { $0.compresses = false }
    let keys = try (1...2).map { try DataKey.sample(UInt8($0)) }
    for part in [bench.store.plain] + keys.map({ bench.store.scoped(by: $0) }) {
      _ = try await part.put(archives[0])
    }
    let report = try await pass(over: bench.store)
    #expect(report.examinedCount == 3 && report.sharedCount == 0)
    #expect(report.reasons == ["too little would be saved": 3])
    await bench.store.close()
    #expect(try bench.features() == .encryption)
  }

  @Test(.timeLimit(.minutes(15)))
  func `archives of scopes that nobody uses share with the keys that are given`() async throws {
    let bench = try await StoreBench(.automatic) { $0.compresses = false }
    try await scopes(bench, [.sample(1), .sample(2)])
    await bench.store.close()
    var options = bench.options
    options.sharesMembers = true
    options.sharingPace.delay = .milliseconds(100)
    options.sharingPace.pause = .milliseconds(20)
    let store = try await BlobStore.open(at: bench.path, options: options)
    store.useKeys { [1, 2].compactMap { try? DataKey.sample($0) } }
    // 4 × 300 KB become 2 × 375 KB.
    while true {
      try await store.compact()
      if try await store.usage().liveByteCount < 900_000 { break }
    }
    try await expectAll(in: [.sample(1), .sample(2)], of: store)
    await store.close()
  }

  // MARK: The pass and others

  @Test func `a pass that a close breaks off is taken up by the next`() async throws {
    let bench = try await StoreBench(.threads) { $0.compresses = false }
    let keys = try await fill(bench.store, bench)
    let store = bench.store
    let stepsLeft = Mutex(4)
    let rests = SharingRests(share: 1) { _ in
      let lines = (try? await store.explain(keys[0]))?.lines ?? []
      guard lines.contains(where: { $0.contains("put together from") }) else { return }
      let isOver = stepsLeft.withLock { left in
        left -= 1
        return left == 0
      }
      if isOver { await store.close() }
    }
    await #expect(throws: EngineError.closed) { try await pass(over: store, rests) }
    let again = try await bench.open()
    let report = try await pass(over: again)
    #expect((1...3).contains(report.sharedCount), "\(report)")
    #expect(try await pass(over: again).sharedCount == 0)
    try await expectAll(of: keys, in: again)
    await again.close()
  }

  /// The rests of a pass are its share of all that it has done: every step was followed by one.
  @Test func `each step is followed by a rest of nine times its length`() async throws {
    let bench = try await StoreBench(.threads) { $0.compresses = false }
    _ = try await fill(bench.store, bench)
    let rests = Mutex<[Duration]>([])
    let start = ContinuousClock.now
    let report = try await pass(
      over: bench.store,
      SharingRests(share: SharingPace().restShare) { rest in rests.withLock { $0.append(rest) } }
    )
    let elapsed = ContinuousClock.now - start
    #expect(report.sharedCount == 4)
    let taken = rests.withLock { $0 }
    // Sixteen blobs are looked at twice, and four of them cut and read back.
    #expect(taken.count >= 40)
    let rested = taken.reduce(Duration.zero, +)
    #expect(rested <= elapsed * 9 && rested >= elapsed * 4, "\(rested) after \(elapsed)")
    await bench.store.close()
  }

  @Test func `blobs are put, read and deleted during a pass`() async throws {
    let bench = try await StoreBench(.automatic) { $0.compresses = false }
    let store = bench.store
    let keys = try await fill(store, bench)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { _ = try await pass(over: store) }
      group.addTask { for _ in 0..<20 { try await expectAll(of: keys.dropLast(), in: store) } }
      group.addTask {
        for _ in 0..<5 {
          _ = try await store.delete(keys[3])
          _ = try await store.put(archives[3])
          _ = try await store.compact()
        }
      }
      try await group.waitForAll()
    }
    try await expectAll(of: keys.dropLast(), in: store)
    await store.close()
  }

  /// The limit ends a hang; among 1,600 other tests on two processors it takes three minutes.
  @Test(.timeLimit(.minutes(15)))
  func `a store that nobody refers to closes by itself, though a pass is under way`()
    async throws
  {
    let bench = try await StoreBench(.threads) { $0.compresses = false }
    _ = try await fill(bench.store, bench)
    await bench.store.close()
    try await openAndLetGo(bench)
    while true {
      do {
        let store = try await bench.open()
        return await store.close()
      } catch {
        #expect(error as? EngineError == .locked)
      }
      await Task.yield()
    }
  }

  /// Opens a store whose pass rests for ever, and refers to it no more.
  private func openAndLetGo(_ bench: StoreBench) async throws {
    var options = bench.options
    options.sharesMembers = true
    options.sharingPace.delay = .zero
    options.sharingPace.restShare = 1_000_000
    let store = try await BlobStore.open(at: bench.path, options: options)
    // Long enough for the first step, which reads the list of what is in a segment.
    for _ in 0..<10 { try await store.checkpoint() }
    #expect(try await store.usage().blobCount == 16)
  }
}
