import Bytes
import Foundation
import Testing

@testable import Catalog

/// A catalog in a folder of its own, for the length of one test.
func withCatalog<Value>(
  _ body: (Catalog) async throws -> Value
) async throws -> Value {
  try await withCatalogPath { path in
    let catalog = try Catalog.open(at: path)
    do {
      let value = try await body(catalog)
      try await catalog.close()
      return value
    } catch {
      try? await catalog.close()
      throw error
    }
  }
}

/// A path for a catalog in a folder that goes away with the test.
func withCatalogPath<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("larder-catalog-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder.appendingPathComponent("catalog.sqlite").path)
}

/// The account of every test.
let account = "111122223333"

/// Seconds after the epoch.
func moment(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

extension CatalogTransaction {
  /// An account with a domain and some repositories.
  func makeDomain(
    _ name: String = "shop",
    repositories: [String] = ["store"]
  ) throws(CatalogError) -> (domain: DomainRecord, repositories: [RepositoryRecord]) {
    if try firstAccount() == nil { try createAccount(account, isFirst: true, at: moment(0)) }
    let domain = try createDomain(
      owner: account,
      name: name,
      encryptionKey: "key",
      at: moment(1)
    )
    var made: [RepositoryRecord] = []
    for repository in repositories {
      made.append(
        try createRepository(
          in: domain.id,
          name: repository,
          administrator: account,
          description: nil,
          upstreams: [],
          at: moment(2)
        )
      )
    }
    return (domain, made)
  }

  /// The versions that the connection's statements have stepped through the virtual machine so far.
  func steps() throws(CatalogError) -> Int64 {
    let statement = NamedStatement(
      "steps",
      "SELECT SUM(nstep) FROM sqlite_stmt WHERE sql NOT LIKE '%sqlite_stmt%'"
    )
    return try connection.requiredRow(statement, []) { row throws(CatalogError) in
      try row.integerIfPresent(0) ?? 0
    }
  }
}

/// A digest that begins with `number`.
func digest(_ number: UInt64) -> SHA256Digest { SHA256Digest(words: (number, 1, 2, 3)) }

/// An asset with the bytes called `number`.
func asset(
  _ name: String,
  bytes number: UInt64,
  count: Int64 = 100,
  attachment: AttachedBlob? = nil,
  attributes: String = "{}"
) -> VersionArrival.Asset {
  VersionArrival.Asset(
    name: name,
    byteCount: count,
    digests: AssetDigests(
      md5: [UInt8](repeating: 1, count: 16),
      sha1: [UInt8](repeating: 2, count: 20),
      sha256: digest(number),
      sha512: [UInt8](repeating: 3, count: 64)
    ),
    attachment: attachment,
    uploadedAt: moment(5),
    attributes: attributes
  )
}

/// A published version of a package.
func arrival(
  _ name: String = "flask",
  _ version: String = "1.0",
  format: PackageFormat = .pypi,
  namespace: String? = nil,
  status: VersionStatus = .published,
  origin: VersionOrigin = .published(repository: "store"),
  publishedAt: Timestamp = moment(10),
  restrictions: OriginRestrictions = OriginRestrictions(publish: .allow, upstream: .block),
  _ assets: [VersionArrival.Asset] = []
) -> VersionArrival {
  VersionArrival(
    package: PackageCoordinates(format: format, namespace: namespace, name: name),
    displayName: name,
    restrictionsWhenNew: restrictions,
    version: version,
    status: status,
    origin: origin,
    publishedAt: publishedAt,
    assets: assets
  )
}

extension VersionArrival.Outcome {
  /// What was recorded, where everything must have been.
  var receipts: [VersionArrival.Receipt] {
    get throws {
      guard case .recorded(let receipts) = self else {
        throw UnexpectedOutcome(outcome: self)
      }
      return receipts
    }
  }
}

struct UnexpectedOutcome: Error {
  let outcome: VersionArrival.Outcome
}
