import Bytes
import Catalog
import Foundation
import Logging
import Repository
import Synchronization

@testable import Events

/// A catalog with a domain `shop` and a repository `store`, in a folder that goes away with the
/// test.
struct EventHouse: Sendable {
  static let account = "111122223333"

  let catalog: Catalog
  let repository: RepositoryRecord
  let domain: DomainRecord

  static func run(_ body: (EventHouse, String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "events-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let catalog = try Catalog.open(at: folder.path + "/catalog")
    let (domain, repository) = try await catalog.write { transaction throws(CatalogError) in
      try transaction.createAccount(account, at: Timestamp(seconds: 1))
      let domain = try transaction.createDomain(
        owner: account,
        name: "shop",
        encryptionKey: "key",
        at: Timestamp(seconds: 1)
      )
      let repository = try transaction.createRepository(
        in: domain.id,
        name: "store",
        administrator: "444455556666",
        description: nil,
        upstreams: [],
        at: Timestamp(seconds: 2)
      )
      return (domain, repository)
    }
    let house = EventHouse(catalog: catalog, repository: repository, domain: domain)
    do { try await body(house, folder.path) } catch {
      try? await catalog.close()
      throw error
    }
    try await catalog.close()
  }

  /// Records a version with one asset.
  @discardableResult
  func publish(_ name: String, _ version: String) async throws -> VersionID? {
    let store = repository.id
    let asset = VersionArrival.Asset(
      name: "\(name)-\(version).tgz",
      byteCount: 10,
      digests: AssetDigests(
        md5: [UInt8](repeating: 1, count: 16),
        sha1: [UInt8](repeating: 2, count: 20),
        sha256: SHA256Digest(words: (UInt64(name.count), UInt64(version.count), 2, 3)),
        sha512: [UInt8](repeating: 3, count: 64)
      ),
      uploadedAt: Timestamp(seconds: 5)
    )
    let arrival = VersionArrival(
      package: PackageCoordinates(format: .npm, namespace: "acme", name: name),
      displayName: name,
      restrictionsWhenNew: OriginRestrictions(publish: .allow, upstream: .block),
      version: version,
      status: .published,
      origin: .published(repository: "store"),
      publishedAt: Timestamp(seconds: 5),
      assets: [asset]
    )
    return try await catalog.write { transaction throws(CatalogError) in
      let outcome = try transaction.record(arrival, into: [store], at: Timestamp(seconds: 6))
      guard case .recorded(let receipts) = outcome else { return nil }
      return receipts.first?.version.id
    }
  }

  func pump(_ destination: any EventDestination) -> EventPump {
    EventPump(
      catalog: catalog,
      destination: destination,
      region: "us-east-1",
      clock: QuickClock(),
      logger: quiet
    )
  }
}

let quiet: Logger = {
  var logger = Logger(label: "events")
  logger.logLevel = .critical
  return logger
}()

/// Time that stands still; sleeping returns at once.
struct QuickClock: DepotClock {
  func now() -> Timestamp { Timestamp(seconds: 1_700_000_000) }
  func sleep(for duration: Duration) async { await Task.yield() }
}

/// Keeps what it is given.
final class Collector: EventDestination {
  let name: String
  private let events = Mutex<[VersionEvent]>([])

  init(name: String = "collector") {
    self.name = name
  }

  var received: [VersionEvent] { events.withLock(\.self) }

  func deliver(_ events: [VersionEvent]) async throws {
    self.events.withLock { $0 += events }
  }
}
