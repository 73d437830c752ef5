import BlobEngine
import Bytes
import Catalog
import Foundation
import Repository
import Simulation
import Synchronization
import Testing

/// Domains whose blobs are encrypted with a key of their own.
@Suite("Sealed domains")
struct SealedDomainTests {
  private static let owner = "111122223333"

  /// A depot in a folder, which can be opened again with other master keys.
  private struct Bench {
    let folder: String
    let catalog: Catalog
    let blobs: BlobStore
    let depot: Depot

    static func open(
      _ folder: String,
      _ masterKeys: MasterKeys,
      options: StoreOptions = .small
    ) async throws -> Bench {
      let catalog = try Catalog.open(at: folder + "/catalog.sqlite")
      let blobs = try await BlobStore.open(at: folder + "/store", options: options)
      let depot = try DepotFixture.make(catalog, blobs, ManualClock(), masterKeys: masterKeys)
      _ = try await depot.bootstrap(account: owner)
      return Bench(folder: folder, catalog: catalog, blobs: blobs, depot: depot)
    }

    func close() async throws {
      await blobs.close()
      try await catalog.close()
    }

    func path(_ domain: String) -> RepositoryPath {
      RepositoryPath(owner: owner, domain: domain, repository: "lab")
    }

    func make(_ domain: String) async throws -> DomainID {
      let record = try await depot.createDomain(owner: owner, name: domain)
      _ = try await depot.createRepository(path(domain), administrator: owner)
      return record.id
    }

    func publish(
      _ bytes: [UInt8],
      in domain: String,
      as name: String = "a.bin"
    ) async throws
      -> StagedAsset
    {
      let upload = try await depot.makeUpload(into: path(domain))
      try await upload.write(bytes)
      let staged = try await upload.finish()
      _ = try await depot.publish(
        staged,
        as: AssetPublication(
          repository: path(domain),
          package: PackageCoordinates(format: .generic, namespace: "n", name: "p"),
          displayName: "p",
          version: "1",
          assetName: name
        )
      )
      return staged
    }

    /// Whether bytes stand anywhere below the folder.
    func disk(has needle: [UInt8]) -> Bool {
      let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
      return files.contains { file in
        let data = FileManager.default.contents(atPath: folder + "/" + file)
        return data?.range(of: Data(needle)) != nil
      }
    }

    /// The segments of the store as they lie on the disk.
    func segments() -> [String: Data] {
      let slots = folder + "/store/slots"
      let names = (try? FileManager.default.contentsOfDirectory(atPath: slots)) ?? []
      return Dictionary(
        uniqueKeysWithValues: names.map {
          ($0, FileManager.default.contents(atPath: slots + "/" + $0) ?? Data())
        }
      )
    }
  }

  private static func master(_ byte: UInt8) throws -> LocalMasterKey {
    try #require(LocalMasterKey([UInt8](repeating: byte, count: LocalMasterKey.byteCount)))
  }

  private static func keys(_ bytes: UInt8...) throws -> MasterKeys {
    MasterKeys(try bytes.map { try master($0) })
  }

  private static func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/sealed-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }

  /// Does not compress, so that it would be seen.
  private let text = sampleBytes(880)

  @Test func `what is published comes back, and is nowhere on the disk`() async throws {
    try await Self.withFolder { folder in
      let bench = try await Bench.open(folder, try Self.keys(1))
      let domain = try await bench.make("shop")
      let staged = try await bench.publish(text, in: "shop")
      #expect(staged.domain == domain)
      #expect(try await bench.depot.contents(of: staged.key, in: domain) == text)
      #expect(
        try await bench.depot.contents(of: staged.key, in: domain, range: 5..<30)
          == Array(text[5..<30])
      )
      // Nobody finds it outside of its domain.
      #expect(try await bench.depot.contents(of: staged.key) == nil)
      #expect(!bench.disk(has: Array(text.prefix(24))))
      try await bench.close()
      #expect(!bench.disk(has: Array(text.prefix(24))))
    }
  }

  @Test func `two domains with the same bytes have two copies`() async throws {
    try await Self.withFolder { folder in
      let bench = try await Bench.open(folder, try Self.keys(1))
      let domains = [try await bench.make("one"), try await bench.make("two")]
      let before = try await bench.publish(text, in: "one")
      #expect(try await bench.depot.contents(of: before.key, in: domains[1]) == nil)
      _ = try await bench.publish(text, in: "two")
      for domain in domains {
        #expect(try await bench.depot.contents(of: before.key, in: domain) == text)
      }
      try await bench.close()
    }
  }

  @Test func `with its domain goes the key, and nothing of it can be read`() async throws {
    try await Self.withFolder { folder in
      let bench = try await Bench.open(folder, try Self.keys(1))
      let domain = try await bench.make("shop")
      let staged = try await bench.publish(text, in: "shop")
      let wrapped = try await bench.catalog.withSnapshot { try $0.key(of: domain) }
      #expect(wrapped != nil)
      _ = try await bench.depot.deleteRepository(bench.path("shop"))
      _ = try await bench.depot.deleteDomain(owner: Self.owner, name: "shop")
      #expect(try await bench.catalog.withSnapshot { try $0.key(of: domain) } == nil)
      await #expect(throws: RepositoryError.self) {
        _ = try await bench.depot.contents(of: staged.key, in: domain)
      }
      // Another domain of the name has another key.
      let second = try await bench.make("shop")
      #expect(try await bench.depot.contents(of: staged.key, in: second) == nil)
      try await bench.close()
    }
  }

  /// The store is opened again, so that the keys of domains come from the catalog alone.
  @Test(.timeLimit(.minutes(15)))
  func `releases in a sealed domain come to share members, though nobody uses it`() async throws {
    try await Self.withFolder { folder in
      let releases = (0..<3).map {
        BlobRecipe(byteCount: 300_000, variant: $0, texture: .archive).makeBytes()
      }
      let first = try await Bench.open(folder, try Self.keys(1, 2))
      let domains = [try await first.make("one"), try await first.make("two")]
      var staged: [StagedAsset] = []
      for (number, release) in releases.enumerated() {
        staged.append(try await first.publish(release, in: "one", as: "\(number).whl"))
      }
      _ = try await first.publish(releases[0], in: "two")
      let before = try await first.blobs.usage().liveByteCount
      try await first.close()
      var options = StoreOptions.small
      options.sharesMembers = true
      options.sharingPace.delay = .milliseconds(100)
      options.sharingPace.pause = .milliseconds(20)
      let second = try await Bench.open(folder, try Self.keys(1, 2), options: options)
      // Three of four members are in all three: 3 × 300 KB become 300 KB + 2 × 75 KB.
      while try await second.blobs.usage().liveByteCount > before - 400_000 {
        try await second.blobs.compact()
      }
      for (release, asset) in zip(releases, staged) {
        #expect(try await second.depot.contents(of: asset.key, in: domains[0]) == release)
        #expect(!second.disk(has: Array(release[100_000..<100_032])))
      }
      #expect(try await second.depot.contents(of: staged[0].key, in: domains[1]) == releases[0])
      #expect(try await second.depot.contents(of: staged[1].key, in: domains[1]) == nil)
      try await second.close()
    }
  }

  @Test func `a depot opened again reads with the master key, and not with another`() async throws {
    try await Self.withFolder { folder in
      let first = try await Bench.open(folder, try Self.keys(1))
      let domain = try await first.make("shop")
      let staged = try await first.publish(text, in: "shop")
      try await first.close()
      let stranger = try await Bench.open(folder, try Self.keys(2))
      let error = await #expect(throws: RepositoryError.self) {
        _ = try await stranger.depot.contents(of: staged.key, in: domain)
      }
      #expect(error?.code == .internalFailure)
      #expect(error?.message.contains("local:") == true)
      try await stranger.close()
      let again = try await Bench.open(folder, try Self.keys(2, 1))
      #expect(try await again.depot.contents(of: staged.key, in: domain) == text)
      try await again.close()
    }
  }

  @Test func `another master key takes over without a blob being written`() async throws {
    try await Self.withFolder { folder in
      let first = try await Bench.open(folder, try Self.keys(1))
      let domains = [try await first.make("one"), try await first.make("two")]
      let staged = try await first.publish(text, in: "one")
      _ = try await first.publish(text, in: "two")
      await first.blobs.close()
      let before = first.segments()
      let rotation = KeyRotation(first.catalog, from: try Self.keys(1), to: try Self.master(2))
      let now = Timestamp(seconds: 1_800_000_000)
      #expect(try await rotation.run(at: now) == 2)
      #expect(try await rotation.run(at: now) == 0)
      #expect(first.segments() == before)
      try await first.catalog.close()
      let second = try await Bench.open(folder, try Self.keys(2))
      for domain in domains {
        #expect(try await second.depot.contents(of: staged.key, in: domain) == text)
      }
      let id = try Self.master(2).id
      let lines = try await KeyRotation.list(second.catalog)
      #expect(lines.count == 2)
      #expect(lines.allSatisfy { $0.contains(id) })
      try await second.close()
      let former = try await Bench.open(folder, try Self.keys(1))
      await #expect(throws: RepositoryError.self) {
        _ = try await former.depot.contents(of: staged.key, in: domains[0])
      }
      try await former.close()
    }
  }

  @Test func `a rotation that is cut short leaves every domain readable, and goes on`() async throws
  {
    try await Self.withFolder { folder in
      let first = try await Bench.open(folder, try Self.keys(1))
      let names = ["one", "two", "three"]
      var domains: [DomainID] = []
      for name in names { domains.append(try await first.make(name)) }
      let staged = try await first.publish(text, in: "one")
      for name in names.dropFirst() { _ = try await first.publish(text, in: name) }
      let now = Timestamp(seconds: 1_800_000_000)
      let dying = DyingMasterKey(try Self.master(2), wraps: 1)
      await #expect(throws: MasterKeyFailure.self) {
        _ = try await KeyRotation(first.catalog, from: try Self.keys(1), to: dying).run(at: now)
      }
      try await first.close()
      let second = try await Bench.open(folder, try Self.keys(2, 1))
      for domain in domains {
        #expect(try await second.depot.contents(of: staged.key, in: domain) == text)
      }
      let former = try Self.keys(2, 1)
      let rest = KeyRotation(second.catalog, from: former, to: try Self.master(2))
      #expect(try await rest.run(at: now) == 2)
      try await second.close()
      let third = try await Bench.open(folder, try Self.keys(2))
      for domain in domains {
        #expect(try await third.depot.contents(of: staged.key, in: domain) == text)
      }
      try await third.close()
    }
  }

  @Test func `a domain that was made before there were keys goes on without one`() async throws {
    try await Self.withFolder { folder in
      let first = try await Bench.open(folder, MasterKeys([]))
      let domain = try await first.make("old")
      let staged = try await first.publish(text, in: "old")
      #expect(first.disk(has: Array(text.prefix(24))))
      try await first.close()
      let again = try await Bench.open(folder, try Self.keys(1))
      #expect(try await again.depot.contents(of: staged.key, in: domain) == text)
      let new = try await again.make("new")
      let sealed = try await again.publish(text, in: "new")
      #expect(try await again.depot.contents(of: sealed.key, in: new) == text)
      try await again.close()
    }
  }

  @Test func `a wrapped key opens for its own domain and name alone`() async throws {
    let master = try Self.master(1)
    let key = [UInt8](repeating: 5, count: 32)
    let wrapped = try await master.wrap(key, with: "arn:a", context: "domain 1/a")
    #expect(try await master.unwrap(wrapped, with: "arn:a", context: "domain 1/a") == key)
    for (name, context) in [("arn:b", "domain 1/a"), ("arn:a", "domain 1/b")] {
      await #expect(throws: MasterKeyFailure.self) {
        _ = try await master.unwrap(wrapped, with: name, context: context)
      }
    }
    await #expect(throws: MasterKeyFailure.self) {
      _ = try await Self.master(2).unwrap(wrapped, with: "arn:a", context: "domain 1/a")
    }
  }
}

/// A master key whose provider goes away after some keys were wrapped.
private final class DyingMasterKey: MasterKeyProvider {
  private let key: LocalMasterKey
  private let left: Atomic<Int>

  init(_ key: LocalMasterKey, wraps count: Int) {
    self.key = key
    left = Atomic(count)
  }

  func hasKey(named name: String) -> Bool { key.hasKey(named: name) }

  func wrap(
    _ dataKey: [UInt8],
    with name: String,
    context: String
  ) async throws(MasterKeyFailure) -> WrappedKey {
    guard left.subtract(1, ordering: .relaxed).oldValue > 0 else {
      throw MasterKeyFailure(.unavailable, "it is gone")
    }
    return try await key.wrap(dataKey, with: name, context: context)
  }

  func unwrap(
    _ wrapped: WrappedKey,
    with name: String,
    context: String
  ) async throws(MasterKeyFailure) -> [UInt8] {
    try await key.unwrap(wrapped, with: name, context: context)
  }
}
