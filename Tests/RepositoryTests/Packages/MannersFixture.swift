import BlobEngine
import Catalog
import FormatRules
import Repository

/// A depot with two public registries: `central` and `google` have a connection each, and `app` has
/// both as upstreams, in this order.
struct MannersFixture {
  static let owner = "111122223333"
  static let package = PackageCoordinates(format: .maven, namespace: "g", name: "thing")
  static let first = ExternalConnection.mavenCentral
  static let second = ExternalConnection.mavenGoogleAndroid

  private(set) var depot: Depot
  let registries = ManyRegistries()
  let clock = TestClock()
  private let catalog: Catalog
  private let blobs: BlobStore
  private let folder: TemporaryFolder
  private let options: ContentOptions

  static func with(
    _ options: ContentOptions = ContentOptions(),
    _ body: (MannersFixture) async throws -> Void
  ) async throws {
    let fixture = try await MannersFixture(options)
    try await body(fixture)
    await fixture.blobs.close()
    try await fixture.catalog.close()
  }

  private init(_ options: ContentOptions) async throws {
    var options = options
    options.revalidationPatience = ContentFixture.patience
    options.externalFreshness = .seconds(1_800)
    self.options = options
    folder = try TemporaryFolder()
    catalog = try Catalog.open(at: folder.path + "/catalog.sqlite")
    blobs = try await BlobStore.open(at: folder.path + "/blobs", options: .small)
    depot = try Self.depot(catalog, blobs, registries, clock, options)
    _ = try await depot.bootstrap(account: Self.owner)
    _ = try await depot.createDomain(owner: Self.owner, name: "shop")
    for (name, connection) in [("central", Self.first), ("google", Self.second)] {
      try await create(name, [])
      _ = try await depot.associateExternalConnection(connection.rawValue, with: path(name))
    }
    try await create("app", ["central", "google"])
  }

  private static func depot(
    _ catalog: Catalog,
    _ blobs: BlobStore,
    _ registries: ManyRegistries,
    _ clock: TestClock,
    _ options: ContentOptions
  ) throws -> Depot {
    try Depot(
      catalog: catalog,
      blobs: blobs,
      external: registries,
      clock: clock,
      masterKey: [UInt8](repeating: 7, count: 32),
      options: DepotOptions(region: "here"),
      contentOptions: options,
      formats: [LinesRegistry()]
    )
  }

  /// The same rows and blobs under a depot that remembers nothing else.
  func restarted() async throws -> MannersFixture {
    await depot.settle()
    var fixture = self
    fixture.depot = try Self.depot(catalog, blobs, registries, clock, options)
    return fixture
  }

  func path(_ repository: String) -> RepositoryPath {
    RepositoryPath(owner: Self.owner, domain: "shop", repository: repository)
  }

  func create(_ name: String, _ upstreams: [String]) async throws {
    _ = try await depot.createRepository(
      path(name),
      administrator: Self.owner,
      upstreams: upstreams
    )
  }

  /// Lets a registry list versions, and have a file of each.
  func offer(_ versions: [String], on connection: ExternalConnection = first) {
    registries.list(versions.joined(separator: "\n"), of: Self.package.name, on: connection)
    for version in versions {
      registries.serve(
        Array("\(connection) \(version)".utf8),
        as: "thing-\(version).jar",
        on: connection
      )
    }
  }

  func package(in repository: String = "app") async throws -> MergedPackage? {
    try await depot.package(Self.package, in: path(repository))
  }

  func package(named name: String) async throws -> MergedPackage? {
    let package = PackageCoordinates(format: .maven, namespace: "g", name: name)
    return try await depot.package(package, in: path("app"))
  }

  func versions(in repository: String = "app") async throws -> [String]? {
    try await package(in: repository)?.listing.versions.map(\.version)
  }

  /// The versions, asked for by someone who wants one of them.
  func versions(until version: String) async throws -> [String]? {
    try await depot.package(Self.package, in: path("app")) { listing in
      listing.versions.contains { $0.version == version }
    }?.listing.versions.map(\.version)
  }

  /// Downloads the file of a version, or another one of it.
  func download(
    _ version: String,
    _ name: String? = nil,
    in repository: String = "app"
  ) async throws -> String? {
    let found = try await depot.packageFile(
      name ?? "thing-\(version).jar",
      of: Self.package,
      version: version,
      in: path(repository)
    )
    let bytes: [UInt8]? =
      switch found {
      case nil: nil
      case .stored(let file): try await blobs.get(file.key)
      case .arriving(let file): try await ContentFixture.take(file)
      }
    return bytes.map { String(decoding: $0, as: UTF8.self) }
  }

  func set(
    _ repository: String,
    _ change: @escaping @Sendable (inout RepositorySettings) -> Void
  ) async throws {
    _ = try await depot.changeSettings(of: path(repository)) { settings in change(&settings) }
  }

  /// How often a registry was asked for its list.
  func listings(on connection: ExternalConnection = first) -> Int {
    let address = ManyRegistries.base(connection) + Self.package.name
    return registries.asked.count { $0 == address }
  }
}
