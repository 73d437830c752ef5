import BlobEngine
import Catalog
import FormatRules
import Formats
import Foundation
import Repository
import Synchronization
import Testing

@testable import Upstream

/// A depot behind which a registry is friendly until it is told otherwise.
///
/// Repository `store` has the connection, and `app` has it as upstream.
private struct HostileFixture {
  let registry: PublicRegistry
  let depot: Depot
  let clock = PatientClock()
  let log = LogLines()
  let weather: Weather
  let path: RepositoryPath

  final class Weather: Sendable {
    private let state = Mutex<Hostility?>(nil)

    var hostility: Hostility? { state.withLock(\.self) }

    func turn(_ hostility: Hostility?) { state.withLock { $0 = hostility } }
  }

  static func with(
    _ registry: PublicRegistry,
    _ body: (HostileFixture) async throws -> Void
  ) async throws {
    let (weather, never) = (Weather(), EventGate())
    let server = try await LocalServer.start { request in
      guard let body = registry.answer(request) else { return [.reply(404)] }
      return weather.hostility?.spoil(body, of: request, never, as: registry.contentType)
        ?? [.reply(200, ["Content-Type": registry.contentType], body)]
    }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("larder-hostile-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let catalog = try Catalog.open(at: folder + "/catalog.sqlite")
    let blobs = try await BlobStore.open(
      at: folder + "/blobs",
      options: StoreOptions(segmentByteCount: 4 << 20)
    )
    let fixture = try await HostileFixture(registry, server, weather, catalog, blobs)
    var failure: (any Error)?
    do { try await body(fixture) } catch { failure = error }
    await fixture.source.shutdown()
    try await server.stop()
    await blobs.close()
    try await catalog.close()
    if let failure { throw failure }
  }

  private let source: HTTPExternalSource

  private init(
    _ registry: PublicRegistry,
    _ server: LocalServer,
    _ weather: Weather,
    _ catalog: Catalog,
    _ blobs: BlobStore
  ) async throws {
    self.registry = registry
    self.weather = weather
    let connection = registry.connection.rawValue
    let address = try #require(ExternalAddress(connection, server.base, source: "the test"))
    var options = UpstreamOptions()
    options.idleTimeout = .seconds(3)
    source = HTTPExternalSource(
      addresses: ExternalAddresses([address]),
      clock: clock,
      options: options,
      logger: log.logger
    )
    var contentOptions = ContentOptions()
    contentOptions.revalidationPatience = PatientClock.patience
    contentOptions.externalFreshness = .seconds(1_800)
    depot = try Depot(
      catalog: catalog,
      blobs: blobs,
      external: source,
      clock: clock,
      masterKey: [UInt8](repeating: 7, count: 32),
      options: DepotOptions(region: "here"),
      contentOptions: contentOptions,
      formats: Formats.registries
    )
    path = RepositoryPath(owner: "111122223333", domain: "shop", repository: "app")
    let store = RepositoryPath(owner: path.owner, domain: path.domain, repository: "store")
    _ = try await depot.bootstrap(account: path.owner)
    _ = try await depot.createDomain(owner: path.owner, name: path.domain)
    _ = try await depot.createRepository(store, administrator: path.owner)
    _ = try await depot.associateExternalConnection(connection, with: store)
    _ = try await depot.createRepository(path, administrator: path.owner, upstreams: ["store"])
  }

  func versions() async throws -> (versions: [String], staleness: Duration?)? {
    if registry == .pypi {
      let page = try await depot.projectPage("thing", in: path)
      return page.map { ($0.page.files.map { Self.version(of: $0.fileName) }, $0.staleness) }
    }
    let package = try await depot.package(registry.package, in: path)
    return package.map { ($0.listing.versions.map(\.version), $0.staleness) }
  }

  private static func version(of fileName: String) -> String {
    String(fileName.dropFirst("thing-".count).prefix { $0 != "t" }.dropLast())
  }

  private func file(_ version: String) async throws(RepositoryError) -> FoundFile? {
    let name = registry.fileName(version)
    if registry == .pypi {
      return try await depot.projectFile(name, of: "thing", version: nil, in: path)
    }
    return try await depot.packageFile(name, of: registry.package, version: version, in: path)
  }

  /// Expects that `body` is told of in a line at most, and a line more when the circuit opens.
  func oneLine(_ body: () async throws -> Void) async throws {
    let before = log.all.count
    try await body()
    let lines = log.all.dropFirst(before)
    #expect(lines.count { !$0.contains("is taken for dead") } <= 1, "\(lines)")
    #expect(lines.count <= 2, "\(lines)")
  }

  /// Downloads as a client does; nil when nothing came, or what came was cut short.
  func download(_ version: String) async -> [UInt8]? {
    do {
      switch try await file(version) {
      case nil: return nil
      case .stored(let file): return try await depot.contents(of: file.key)
      case .arriving(let file):
        var bytes: [UInt8] = []
        let reader = file.chunks()
        while let chunk = try await reader.next() { bytes += chunk }
        _ = try await file.stored()
        return bytes
      }
    } catch { return nil }
  }
}

/// Pauses pass at once and move the time; patience lasts as long as it is needed.
private final class PatientClock: DepotClock {
  static let patience = Duration.seconds(86_400)
  private let time = Mutex(Timestamp(seconds: 1_700_000_000))

  func now() -> Timestamp { time.withLock(\.self) }

  func sleep(for duration: Duration) async {
    guard duration >= Self.patience else { return advance(by: duration) }
    // Nothing ever comes; cancelled as soon as what is waited for is there.
    let (nothing, end) = AsyncStream<Void>.makeStream()
    for await _ in nothing {}
    end.finish()
  }

  func advance(by duration: Duration) {
    time.withLock { $0 = $0 + duration }
  }
}

@Suite("Hostile registries", .timeLimit(.minutes(10)))
struct HostileRegistryTests {
  @Test(arguments: PublicRegistry.allCases, Hostility.allCases)
  func `never a wrong byte, and what is here goes on being served`(
    registry: PublicRegistry,
    hostility: Hostility
  ) async throws {
    try await HostileFixture.with(registry) { fixture in
      #expect(try await fixture.versions()?.versions == ["1.0.0", "2.0.0"])
      #expect(await fixture.download("1.0.0") == PublicRegistry.bytes("1.0.0"))
      #expect(fixture.log.all.isEmpty)

      fixture.weather.turn(hostility)
      fixture.clock.advance(by: .seconds(7_200))
      try await fixture.oneLine {
        #expect(await fixture.download("1.0.0") == PublicRegistry.bytes("1.0.0"))
      }
      try await fixture.oneLine {
        let known = try await fixture.versions()
        #expect(known?.versions == ["1.0.0", "2.0.0"])
        #expect((known?.staleness == nil) == (hostility == .wrongBytes))
      }
      try await fixture.oneLine { #expect(await fixture.download("2.0.0") == nil) }
      let count = fixture.log.all.count
      #expect(await fixture.download("1.0.0") == PublicRegistry.bytes("1.0.0"))
      let lines = fixture.log.all
      #expect(lines.count == count, "what is here needs nobody: \(lines)")
      #expect(lines.contains { $0.contains(hostility.trace) }, "\(lines)")

      fixture.weather.turn(nil)
      fixture.clock.advance(by: .seconds(60))
      #expect(await fixture.download("2.0.0") == PublicRegistry.bytes("2.0.0"))
      #expect(try await fixture.versions()?.staleness == nil)
    }
  }

  @Test(arguments: PublicRegistry.allCases, Hostility.allCases)
  func `a first visit in bad weather ends in an error, and leaves nothing behind`(
    registry: PublicRegistry,
    hostility: Hostility
  ) async throws {
    try await HostileFixture.with(registry) { fixture in
      fixture.weather.turn(hostility)
      #expect(await fixture.download("1.0.0") == nil)
      fixture.weather.turn(nil)
      fixture.clock.advance(by: .seconds(60))
      let bytes = await fixture.download("1.0.0")
      #expect(bytes == PublicRegistry.bytes("1.0.0"), "\(fixture.log.all)")
    }
  }
}
