import Bytes
import Catalog
import Testing

@testable import Repository

/// What calls about one version cost where the package has very many.
///
/// Counted in rows of the catalog, which no other load on the machine changes. What a row costs is
/// counted in `CatalogTests` (suite "Growth"), and processor time by `tools/bench growth`.
@Suite("A package of very many versions")
struct ScaleTests {
  private static let many = 6000
  private static let few = 2000
  /// How versions are looked for upstream differs between these.
  private static let formats: [PackageFormat] = [.generic, .npm, .pypi]

  @Test(arguments: formats)
  func `a page, a version and a publication read as many rows as in a small one`(
    format: PackageFormat
  ) async throws {
    try await DepotFixture.with { fixture in
      try await fixture.makeRepositories(["store": [], "team": ["store"]])
      let small = Self.package("few", format)
      let large = Self.package("many", format)
      try await Self.fill(small, count: Self.few, fixture)
      try await Self.fill(large, count: Self.many, fixture)
      for measure in Measure.allCases {
        let few = try await measure.rows(about: small, fixture)
        let many = try await measure.rows(about: large, fixture)
        #expect(many <= few, "\(measure)")
        #expect(few > 0, "\(measure) was not counted")
      }
    }
  }

  enum Measure: String, CaseIterable {
    case listByName, listNewest, listPublished, listArchivedNewest, describe, publish

    /// Makes the call, and returns how many rows it read.
    func rows(about package: PackageCoordinates, _ fixture: DepotFixture) async throws -> Int {
      let store = fixture.path("store")
      let depot = fixture.depot
      let before = fixture.catalog.rowsRead
      switch self {
      case .listByName: _ = try await depot.listPackageVersions(of: package, in: store)
      case .listNewest:
        _ = try await depot.listPackageVersions(of: package, in: store, order: .newestFirst)
      case .listPublished:
        let filter = VersionFilter(status: .published)
        _ = try await depot.listPackageVersions(of: package, in: store, filter)
      case .listArchivedNewest:
        let filter = VersionFilter(status: .archived)
        _ = try await depot.listPackageVersions(
          of: package,
          in: store,
          filter,
          order: .newestFirst
        )
      case .describe:
        _ = try await depot.describePackageVersion("0.0.42", of: package, in: store)
      case .publish:
        try await ScaleTests.publish("9.0.0", of: package, in: store, depot)
      }
      return fixture.catalog.rowsRead - before
    }
  }

  /// Publishes as the format's clients do: wheels one by one, other versions as a whole.
  private static func publish(
    _ version: String,
    of package: PackageCoordinates,
    in store: RepositoryPath,
    _ depot: Depot
  ) async throws {
    let staged = StagedAsset(
      digests: DepotFixture.asset("file", blob: 1).digests,
      byteCount: 101
    )
    if package.format == .pypi {
      _ = try await depot.publish(
        staged,
        as: AssetPublication(
          repository: store,
          package: package,
          displayName: package.name,
          version: version,
          assetName: "file"
        )
      )
    } else {
      _ = try await depot.publish(
        VersionPublication(
          repository: store,
          package: package,
          displayName: package.name,
          version: version,
          files: [.init(name: "file", staged: staged)],
          mustBeNew: true
        )
      )
    }
  }

  private static func package(_ name: String, _ format: PackageFormat) -> PackageCoordinates {
    PackageCoordinates(format: format, namespace: format == .generic ? "lab" : nil, name: name)
  }

  /// Rows straight through the catalog, a thousand at a time, of every status and open to what lies
  /// upstream, so that a publication has to look for the version there.
  private static func fill(
    _ package: PackageCoordinates,
    count: Int,
    _ fixture: DepotFixture
  ) async throws {
    let store = fixture.path("store")
    for first in stride(from: 0, to: count, by: 1000) {
      try await fixture.depot.write { transaction in
        let (repository, _) = try transaction.requireRepository(store)
        for number in first..<min(first + 1000, count) {
          let arrival = VersionArrival(
            package: package,
            displayName: package.name,
            restrictionsWhenNew: OriginRestrictions(publish: .allow, upstream: .allow),
            version: "0.0.\(number)",
            status: number % 10 == 9 ? .archived : .published,
            origin: number % 3 == 0
              ? .ingested(externalConnection: "public:npmjs") : .published(repository: "store"),
            publishedAt: Timestamp(seconds: Int64(number)),
            assets: [DepotFixture.asset("file", blob: UInt64(number % 50))]
          )
          _ = try transaction.record(arrival, into: [repository.id], at: Timestamp(seconds: 1))
        }
      }
    }
  }
}
