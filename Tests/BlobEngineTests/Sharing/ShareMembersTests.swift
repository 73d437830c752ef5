import Bytes
import Codec
import Simulation
import Testing

@testable import BlobEngine

@Suite("Sharing of members in a store on disk")
struct ShareMembersTests {
  private func archives(_ count: Int, family: Int = 0) -> [[UInt8]] {
    (0..<count).map { SampleArchive.bytes(300_000, $0, family: family) }
  }

  private func put(_ blobs: [[UInt8]], into store: BlobStore) async throws -> [SHA256Digest] {
    try await put(blobs, into: store.plain)
  }

  private func put(_ blobs: [[UInt8]], into scope: BlobScope) async throws -> [SHA256Digest] {
    var keys: [SHA256Digest] = []
    for blob in blobs { keys.append(try await scope.put(blob).key) }
    return keys
  }

  @Test(arguments: [StoreOptions.InputOutput.automatic, .threads])
  func `releases of an archive share what they have in common`(
    _ disk: StoreOptions.InputOutput
  ) async throws {
    let bench = try await StoreBench(disk) { $0.compresses = false }
    let archives = archives(4)
    let keys = try await put(archives, into: bench.store)
    let report = try await bench.store.shareMembers(among: keys)
    #expect(report.examinedCount == 4 && report.sharedCount == 4)
    // Three members of four are in all of them: 4 × 300 KB become 300 KB + 3 × 75 KB.
    #expect(report.byteCountBefore > 1_200_000)
    #expect(report.byteCountAfter < 540_000)
    try await bench.store.compact()
    #expect(try await bench.store.usage().liveByteCount < 600_000)
    await bench.store.close()
    #expect(try bench.features()?.contains(.recipes) == true)
    let again = try await bench.open()
    for (key, archive) in zip(keys, archives) {
      #expect(try await again.get(key) == archive)
      #expect(try await again.get(key, range: 70_000..<240_001) == Array(archive[70_000...240_000]))
      #expect(try await again.stat(key)?.byteCount == 300_000)
    }
    #expect(try await again.usage().blobCount == 4)
    await again.close()
  }

  @Test func `what has little in common stays whole, and the store says nothing of recipes`()
    async throws
  {
    let bench = try await StoreBench(.threads) { $0.compresses = false }
    let lonely = (0..<3).map { SampleArchive.bytes(300_000, 0, family: $0) }
    let keys = try await put(lonely + [bench.bytes(200_000), bench.bytes(9)], into: bench.store)
    let report = try await bench.store.shareMembers(among: keys)
    #expect(report.examinedCount == 5 && report.sharedCount == 0)
    #expect(
      report.reasons == [
        "too little would be saved": 3, "it is no zip archive": 1, "it is small": 1,
      ]
    )
    await bench.store.close()
    #expect(try bench.features()?.isEmpty == true)
  }

  @Test func `a release that comes later shares with those that are there`() async throws {
    let bench = try await StoreBench(.threads) { $0.compresses = false }
    let archives = archives(3)
    let early = try await put(Array(archives[..<2]), into: bench.store)
    try await bench.store.shareMembers(among: early)
    let late = try await put([archives[2]], into: bench.store)
    let report = try await bench.store.shareMembers(among: late + early)
    #expect(report.sharedCount == 1)
    #expect(report.byteCountAfter < 90_000)
    #expect(try await bench.store.get(late[0]) == archives[2])
    await bench.store.close()
  }

  @Test func `blobs of a scope share with one another, and with nothing else`() async throws {
    let bench = try await StoreBench(.threads) { $0.compresses = false }
    let archives = archives(3)
    let keys = try (1...2).map { try DataKey.sample(UInt8($0)) }
    let tenants = keys.map { bench.store.scoped(by: $0) }
    for tenant in tenants {
      let digests = try await put(archives, into: tenant)
      let before = try await bench.store.usage().liveByteCount
      let report = try await tenant.shareMembers(among: digests)
      #expect(report.sharedCount == 3)
      // 3 × 300 KB become 300 KB + 2 × 75 KB, whatever others have.
      #expect((440_000..<480_000).contains(report.byteCountAfter), "\(report)")
      try await bench.store.compact()
      #expect(try await bench.store.usage().liveByteCount < before - 400_000)
    }
    for tenant in tenants {
      for archive in archives {
        #expect(try await tenant.get(SHA256Stream.digest(of: archive.span)) == archive)
      }
    }
    await bench.store.close()
    let features = try #require(try bench.features())
    #expect(features.contains(.encryption) && features.contains(.sealedRecipes))
  }

  @Test func `no byte of a shared archive of a scope is on the disk`() async throws {
    let bench = try await StoreBench(.automatic) { $0.compresses = false }
    let archives = archives(2)
    let scope = bench.store.scoped(by: try .sample(1))
    let digests = try await put(archives, into: scope)
    #expect(try await scope.shareMembers(among: digests).sharedCount == 2)
    try await bench.store.compact()
    try await bench.store.checkpoint()
    // One that is not encrypted, so that the search is seen to find what is there.
    let open = SampleArchive.bytes(300_000, 0, family: 5)
    try await bench.store.shareMembers(among: put([open], into: bench.store))
    await bench.store.close()
    // A piece of each member, and of the directory.
    for start in [30_000, 100_000, 170_000, 250_000, open.count - 120] {
      #expect(bench.disk(has: Array(open[start..<(start + 32)])))
      for archive in archives {
        #expect(!bench.disk(has: Array(archive[start..<(start + 32)])), "at \(start)")
      }
    }
  }

  @Test func `once its key is forgotten neither recipes nor chunks of a scope can be read`()
    async throws
  {
    let bench = try await StoreBench(.threads) { $0.compresses = false }
    let key = try DataKey.sample(1)
    let scope = bench.store.scoped(by: key)
    let archives = archives(2)
    let digests = try await put(archives, into: scope)
    let names = try digests.map { try scope.name(of: $0) }
    #expect(try await scope.shareMembers(among: digests).sharedCount == 2)
    let reader = try #require(try await scope.makeReader(for: digests[0]))
    key.forget()
    let lost = EngineError.keyUnavailable(key.id)
    await #expect(throws: lost) { _ = try await reader.next() }
    await #expect(throws: lost) { _ = try await scope.get(digests[0]) }
    await #expect(throws: lost) { _ = try await scope.shareMembers(among: digests) }
    for name in names {
      await #expect(throws: lost) { _ = try await bench.store.get(name) }
      await #expect(throws: lost) { _ = try await bench.store.get(name, range: 40_000..<40_001) }
    }
    // The key comes back from where it is kept.
    let again = bench.store.scoped(by: try .sample(1))
    for (digest, archive) in zip(digests, archives) {
      #expect(try await again.get(digest) == archive)
    }
    await bench.store.close()
  }

  @Test func `blobs are read, put and deleted while they are being shared`() async throws {
    let bench = try await StoreBench(.automatic) { $0.compresses = false }
    let store = bench.store
    let archives = archives(6)
    let keys = try await put(archives, into: store)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await store.shareMembers(among: keys) }
      for (key, archive) in zip(keys, archives).dropLast() {
        group.addTask {
          for _ in 0..<10 {
            let bytes = try await store.get(key)
            #expect(bytes == archive)
          }
        }
      }
      group.addTask {
        _ = try await store.delete(keys[5])
        _ = try await store.put(archives[5])
      }
      try await group.waitForAll()
    }
    for (key, archive) in zip(keys, archives) { #expect(try await store.get(key) == archive) }
    await store.close()
  }
}
