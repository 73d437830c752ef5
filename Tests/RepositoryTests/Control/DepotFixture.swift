import BlobEngine
import Catalog
import Foundation
import Synchronization

@testable import Repository

/// A clock that stands still until it is told otherwise.
final class ManualClock: DepotClock {
  private let time = Mutex(Timestamp(seconds: 1_700_000_000))

  func now() -> Timestamp { time.withLock { $0 } }

  func sleep(for duration: Duration) async {}

  func advance(by duration: Duration) {
    time.withLock { $0 = $0 + duration }
  }
}

/// A depot over a catalog in a folder of its own, with an account.
struct DepotFixture {
  let depot: Depot
  let catalog: Catalog
  let blobs: BlobStore
  let clock: ManualClock
  let administrator: RequestSignerIdentity

  static let account = "111122223333"

  static func with<Value>(
    quotas: Quotas = Quotas(),
    _ body: (DepotFixture) async throws -> Value
  ) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("larder-depot-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let catalog = try Catalog.open(at: folder.appendingPathComponent("catalog.sqlite").path)
    let blobs = try await BlobStore.open(
      at: folder.appendingPathComponent("blobs").path,
      options: .small
    )
    let clock = ManualClock()
    let depot = try make(catalog, blobs, clock, quotas: quotas)
    let result: Result<Value, any Error>
    do {
      let credentials = try await depot.bootstrap(account: account)
      let fixture = DepotFixture(
        depot: depot,
        catalog: catalog,
        blobs: blobs,
        clock: clock,
        administrator: credentials.identity
      )
      result = .success(try await body(fixture))
    } catch {
      result = .failure(error)
    }
    await blobs.close()
    try await catalog.close()
    return try result.get()
  }

  static func make(
    _ catalog: Catalog,
    _ blobs: BlobStore,
    _ clock: ManualClock,
    masterKey: [UInt8] = [UInt8](repeating: 7, count: 32),
    masterKeys: MasterKeys = MasterKeys([]),
    quotas: Quotas = Quotas()
  ) throws -> Depot {
    try Depot(
      catalog: catalog,
      blobs: blobs,
      external: ScriptedSource(),
      clock: clock,
      masterKey: masterKey,
      masterKeys: masterKeys,
      options: DepotOptions(region: "eu-central-1", quotas: quotas)
    )
  }

  func path(_ repository: String, domain: String = "shop") -> RepositoryPath {
    RepositoryPath(owner: Self.account, domain: domain, repository: repository)
  }

  /// Makes a domain, and in it repositories with the upstreams named.
  func makeRepositories(
    _ repositories: KeyValuePairs<String, [String]>,
    in domain: String = "shop"
  ) async throws {
    _ = try await depot.createDomain(owner: Self.account, name: domain)
    for (name, upstreams) in repositories {
      _ = try await depot.createRepository(
        path(name, domain: domain),
        administrator: Self.account,
        upstreams: upstreams
      )
    }
  }

  /// Runs `body`, which must fail, and returns how.
  func failure<Value>(_ body: () async throws -> Value) async -> RepositoryError? {
    do {
      _ = try await body()
      return nil
    } catch {
      return error as? RepositoryError
    }
  }

  /// Records a version without assets' bytes: control calls look at rows only.
  func record(
    _ name: String,
    _ version: String,
    in repository: String,
    format: PackageFormat = .pypi,
    namespace: String? = nil,
    status: VersionStatus = .published,
    publishedAt: Timestamp? = nil,
    assets: [VersionArrival.Asset] = []
  ) async throws {
    let time = publishedAt ?? clock.now()
    let place = path(repository)
    let arrival = VersionArrival(
      package: PackageCoordinates(format: format, namespace: namespace, name: name),
      displayName: name,
      restrictionsWhenNew: OriginRestrictions(publish: .allow, upstream: .block),
      version: version,
      status: status,
      origin: .published(repository: repository),
      publishedAt: time,
      assets: assets
    )
    try await depot.write { transaction in
      let (record, _) = try transaction.requireRepository(place)
      _ = try transaction.record(arrival, into: [record.id], at: time)
    }
  }
}
