import Bytes
import Testing

@testable import Catalog

/// A hundred thousand versions of one package must not make any request slow: what a request costs
/// is bounded by its page, and does not grow once a page is full.
///
/// Counted in steps of SQLite's virtual machine (`nstep` of its table `sqlite_stmt`), which no
/// other load on the machine changes.
@Suite("Growth")
struct GrowthTests {
  private typealias Scale = (package: PackageID, repository: RepositoryID)

  /// Fills a package with `count` versions of one asset each, of every status and origin, without
  /// the cost of recording them one by one.
  ///
  /// The newest have the lowest numbers, so that a page in either order holds the same versions
  /// whatever the count: of how many kinds a page is merged decides what it costs.
  private func fill(
    _ package: PackageID,
    count: Int,
    _ transaction: CatalogTransaction
  ) throws(CatalogError) {
    let numbers = """
      WITH RECURSIVE number (n) AS
        (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < \(count))
      """
    try transaction.connection.run(
      NamedStatement(
        "fill versions",
        """
        \(numbers) INSERT INTO version
          (package_id, version, display_name, status, revision, origin_type, origin_name,
           published_at, metadata)
        SELECT ?, printf('%08d', n), 'big',
          CASE n % 50 WHEN 0 THEN 'Unlisted' WHEN 1 THEN 'Unfinished' ELSE 'Published' END, 'r',
          CASE n % 3 WHEN 0 THEN 'EXTERNAL' ELSE 'INTERNAL' END, 'store', 1000000 - n * 7, '{}'
        FROM number
        """
      ),
      [.id(package)]
    )
    try transaction.connection.run(
      NamedStatement(
        "fill assets",
        """
        INSERT INTO asset
          (version_id, package_id, name, byte_count, sha256, md5, sha1, sha512, uploaded_at,
           attributes)
        SELECT id, package_id, 'big-' || version || '.whl', 100, ?, ?, ?, ?, 0, '{}'
        FROM version WHERE package_id = ? AND version LIKE '0%'
        """
      ),
      [
        .bytes(digest(1).bytes), .bytes([UInt8](repeating: 1, count: 16)),
        .bytes([UInt8](repeating: 1, count: 20)), .bytes([UInt8](repeating: 1, count: 64)),
        .id(package),
      ]
    )
  }

  /// Every question and change that requests are made of, by name.
  private static let operations:
    [(name: String, run: @Sendable (CatalogTransaction, Scale) throws(CatalogError) -> Void)] = [
      (
        "describe",
        { catalog, scale throws(CatalogError) in
          _ = try catalog.version("00000050", of: scale.package)
        }
      ),
      (
        "asset of package by name",
        { catalog, scale throws(CatalogError) in
          _ = try catalog.assets(named: "big-00000050.whl", ofPackage: scale.package, limit: 1)
        }
      ),
      (
        "newest published",
        { catalog, scale throws(CatalogError) in
          _ = try catalog.newestPublished(of: scale.package)
        }
      ),
      (
        "list",
        { catalog, scale throws(CatalogError) in
          _ = try catalog.versions(of: scale.package, limit: 50)
        }
      ),
      (
        "list from the middle",
        { catalog, scale throws(CatalogError) in
          let middle = VersionPosition(publishedAt: moment(0), version: "00005000")
          _ = try catalog.versions(of: scale.package, after: middle, limit: 50)
        }
      ),
      (
        "list a status that is rare",
        { catalog, scale throws(CatalogError) in
          _ = try catalog.versions(
            of: scale.package,
            VersionFilter(status: .unlisted, origin: .external),
            limit: 50
          )
        }
      ),
      (
        "list a status that nothing has",
        { catalog, scale throws(CatalogError) in
          _ = try catalog.versions(of: scale.package, VersionFilter(status: .archived), limit: 50)
        }
      ),
      (
        "list an origin",
        { catalog, scale throws(CatalogError) in
          _ = try catalog.versions(of: scale.package, VersionFilter(origin: .external), limit: 50)
        }
      ),
      (
        "list newest first",
        { catalog, scale throws(CatalogError) in
          _ = try catalog.versions(of: scale.package, order: .newestFirst, limit: 50)
        }
      ),
      (
        "list newest first from the middle",
        { catalog, scale throws(CatalogError) in
          let middle = VersionPosition(
            publishedAt: Timestamp(microseconds: 1_000_000 - 7 * 5000),
            version: "00005000"
          )
          _ = try catalog.versions(
            of: scale.package,
            order: .newestFirst,
            after: middle,
            limit: 50
          )
        }
      ),
      (
        "assets of package",
        { catalog, scale throws(CatalogError) in
          _ = try catalog.assets(
            ofPackage: scale.package,
            after: AssetPosition(name: "big-00000050.whl", versionID: VersionID(1)),
            limit: 50
          )
        }
      ),
      (
        "record",
        { catalog, scale throws(CatalogError) in
          _ = try catalog.record(
            arrival("big", "new", [asset("new.whl", bytes: 9)]),
            into: [scale.repository],
            at: moment(20)
          )
        }
      ),
      (
        "record again",
        { catalog, scale throws(CatalogError) in
          _ = try catalog.record(
            arrival("big", "new", [asset("new.whl", bytes: 9)]),
            into: [scale.repository],
            at: moment(21)
          )
        }
      ),
      (
        "clear a step",
        { catalog, scale throws(CatalogError) in
          guard let repository = try catalog.repository(scale.repository) else { return }
          try catalog.deleteRepository(repository, at: moment(22))
          let made = try catalog.clearDeleted(limit: 0)
          #expect(made == 0)
        }
      ),
    ]

  private func steps(withVersions count: Int) async throws -> [Int64] {
    try await withCatalog { catalog in
      let scale: Scale = try await catalog.write { transaction throws(CatalogError) in
        let made = try transaction.makeDomain()
        let repository = made.repositories[0].id
        _ = try transaction.record(arrival("big", "0"), into: [repository], at: moment(3))
        let coordinates = PackageCoordinates(format: .pypi, name: "big")
        guard let package = try transaction.package(coordinates, in: repository) else {
          throw .damaged("the package that was just recorded is missing")
        }
        try fill(package.id, count: count, transaction)
        return (package.id, repository)
      }
      return try await catalog.write { transaction throws(CatalogError) in
        var steps: [Int64] = []
        for operation in Self.operations {
          let before = try transaction.steps()
          try operation.run(transaction, scale)
          steps.append(try transaction.steps() - before)
        }
        return steps
      }
    }
  }

  /// At most fifteen ranges (a status and an origin each) of 51 rows, some 40 steps a row.
  private static let stepLimit: Int64 = 15 * 51 * 40

  @Test func `a hundred thousand versions cost no request more than ten thousand do`()
    async throws
  {
    let few = try await steps(withVersions: 10_000)
    let many = try await steps(withVersions: 100_000)
    for (index, operation) in Self.operations.enumerated() {
      #expect(
        many[index] <= few[index] + 100,
        "\(operation.name): \(few[index]) steps became \(many[index])"
      )
      #expect(many[index] < Self.stepLimit, "\(operation.name) takes \(many[index]) steps")
      #expect(many[index] > 0, "\(operation.name) was not counted")
    }
  }
}
