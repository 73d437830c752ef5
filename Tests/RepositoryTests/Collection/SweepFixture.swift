import BlobEngine
import Bytes
import Catalog
import Testing

@testable import Repository

/// A depot whose store and rows go by one clock, which stands still until a test moves it.
struct SweepFixture {
  let depot: Depot
  let catalog: Catalog
  let blobs: BlobStore
  let clock: TestClock
  let isSealed: Bool
  /// Where the store is.
  let folder: String

  static let kit = PackageCoordinates(format: .generic, namespace: "lab", name: "kit")
  static let delay = Duration.seconds(7 * 86_400)

  /// Opens all of it for the length of a test.
  ///
  /// Domains have keys of their own, as they have behind a server, unless `isSealed` is false.
  static func with(
    isSealed: Bool = true,
    _ change: (inout StoreOptions) -> Void = { _ in },
    _ body: (SweepFixture) async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder()
    var options = StoreOptions(segmentByteCount: 1 << 20, recentByteLimit: 1 << 20)
    change(&options)
    let clock = TestClock()
    let catalog = try Catalog.open(at: folder.path + "/catalog.sqlite")
    let blobs = try await BlobStore.open(at: folder.path + "/blobs", options: options) {
      UInt64(clock.now().microseconds / 1000)
    }
    let depot = try Depot(
      catalog: catalog,
      blobs: blobs,
      external: ScriptedSource(),
      clock: clock,
      masterKey: [UInt8](repeating: 7, count: 32),
      masterKeys: isSealed ? Self.masterKeys : MasterKeys([]),
      options: DepotOptions(region: "here")
    )
    let fixture = SweepFixture(
      depot: depot,
      catalog: catalog,
      blobs: blobs,
      clock: clock,
      isSealed: isSealed,
      folder: folder.path + "/blobs"
    )
    let end = await Result { () async throws in
      _ = try await depot.bootstrap(account: DepotFixture.account)
      _ = try await depot.createDomain(owner: DepotFixture.account, name: "shop")
      for name in ["dev", "live"] {
        _ = try await depot.createRepository(
          Self.path(name),
          administrator: DepotFixture.account
        )
      }
      try await body(fixture)
    }
    await blobs.close()
    try await catalog.close()
    try end.get()
    withExtendedLifetime(folder) {}
  }

  static let masterKeys = MasterKeys(
    [LocalMasterKey([UInt8](repeating: 9, count: LocalMasterKey.byteCount))].compactMap { $0 }
  )

  /// The blobs of the domain.
  func shop() async throws -> BlobScope {
    let domain = try await depot.describeDomain(owner: DepotFixture.account, name: "shop")
    return try await depot.scopes.scope(of: domain.id)
  }

  static func path(_ repository: String) -> RepositoryPath {
    RepositoryPath(owner: DepotFixture.account, domain: "shop", repository: repository)
  }

  /// Bytes that no other number has.
  static func bytes(_ number: Int, count: Int = 3_000) -> [UInt8] {
    var bytes = sampleBytes(count)
    for place in 0..<8 { bytes[place] = UInt8(truncatingIfNeeded: number >> (8 * place)) }
    return bytes
  }

  /// Uploads bytes without publishing them.
  func upload(_ bytes: [UInt8]) async throws -> StagedAsset {
    let upload = try await depot.makeUpload(
      into: Self.path("dev"),
      announcing: UInt64(bytes.count)
    )
    try await upload.write(bytes)
    return try await upload.finish()
  }

  @discardableResult
  func publish(
    _ bytes: [UInt8],
    version: String,
    in repository: String = "dev"
  ) async throws -> SHA256Digest {
    let staged = try await upload(bytes)
    _ = try await depot.publish(
      VersionPublication(
        repository: Self.path(repository),
        package: Self.kit,
        displayName: "kit",
        version: version,
        files: [.init(name: "file", staged: staged)]
      )
    )
    return staged.key
  }

  func delete(version: String, in repository: String = "dev") async throws {
    let result = try await depot.deleteVersions(
      VersionBatch([version]),
      of: Self.kit,
      in: Self.path(repository)
    )
    #expect(result.failed.isEmpty)
  }

  /// Lets days go by, of which the store hears hour by hour.
  func pass(days: Int) async throws {
    for _ in 0..<(days * 24) {
      clock.advance(by: .seconds(3600))
      _ = try await blobs.usage()
    }
  }

  func sweep(
    delay: Duration = SweepFixture.delay,
    isStrict: Bool = false
  ) -> BlobSweep {
    BlobSweep(
      catalog: catalog,
      blobs: blobs,
      clock: clock,
      rules: SweepRules(deletionDelay: delay, isStrict: isStrict)
    )
  }
}

extension Result where Failure == any Error {
  init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
