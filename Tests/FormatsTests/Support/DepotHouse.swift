import BlobEngine
import Catalog
import Exchange
import Formats
import Foundation
import HTTPTypes
import Repository
import Testing

/// A depot in a folder of its own, with one domain, its repositories and a token, behind the
/// endpoints and before a scripted registry; no sockets.
final class DepotHouse: Sendable {
  /// A repository as a test wants it.
  struct Plan {
    var name: String
    var upstreams: [String] = []
    var connection: String?
  }

  static let owner = "123456789012"
  static let domain = "my-domain"
  /// How long the token is good for.
  static let tokenDuration = Duration.seconds(43_200)

  let depot: Depot
  let external: ScriptedSource
  let clock = ManualClock()
  let token: String
  private let formats: Formats
  private let blobs: BlobStore
  private let folder: URL

  init(_ repositories: [Plan], before external: ScriptedSource = ScriptedSource()) async throws {
    self.external = external
    folder = FileManager.default.temporaryDirectory.appending(path: "formats-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    blobs = try await BlobStore.open(
      at: folder.appending(path: "blobs").path,
      options: StoreOptions(segmentByteCount: 1 << 20, recentByteLimit: 1 << 20)
    )
    let catalog = try Catalog.open(at: folder.appending(path: "catalog.sqlite").path)
    depot = try Self.depot(catalog, blobs, external, clock)
    formats = Formats(depot: depot)
    let administrator = try await depot.bootstrap(account: Self.owner).identity.principal
    _ = try await depot.createDomain(owner: Self.owner, name: Self.domain)
    for plan in repositories {
      let path = Self.path(plan.name)
      _ = try await depot.createRepository(
        path,
        administrator: Self.owner,
        upstreams: plan.upstreams
      )
      guard let connection = plan.connection else { continue }
      _ = try await depot.associateExternalConnection(connection, with: path)
    }
    token = try await depot.issueToken(
      for: administrator,
      owner: Self.owner,
      domain: Self.domain,
      duration: Self.tokenDuration
    ).text
  }

  private static func depot(
    _ catalog: Catalog,
    _ blobs: BlobStore,
    _ external: ScriptedSource,
    _ clock: ManualClock,
    edition: String = "one"
  ) throws -> Depot {
    var options = ContentOptions()
    options.documentEdition = edition
    options.externalFreshness = .seconds(1_800)
    options.revalidationPatience = ManualClock.patience
    return try Depot(
      catalog: catalog,
      blobs: blobs,
      external: external,
      clock: clock,
      masterKey: [UInt8](repeating: 7, count: 32),
      masterKeys: TestKeys.master,
      options: DepotOptions(region: "us-east-1"),
      contentOptions: options,
      formats: Formats.registries
    )
  }

  /// The endpoints as they are after a restart, with nothing in memory, of this program or of
  /// another `edition` of it.
  func restarted(edition: String = "one") async throws -> Formats {
    await depot.settle()
    return Formats(
      depot: try Self.depot(depot.catalog, blobs, external, clock, edition: edition)
    )
  }

  /// Runs one sweep for which everything is old enough.
  func sweep() async throws {
    let rules = SweepRules(deletionDelay: .zero)
    let sweep = BlobSweep(catalog: depot.catalog, blobs: blobs, clock: clock, rules: rules)
    _ = try await sweep.run()
  }

  static func path(_ repository: String) -> RepositoryPath {
    RepositoryPath(owner: owner, domain: domain, repository: repository)
  }

  /// Runs `body` with what is made of a house, and takes the house down.
  static func run<House>(
    _ house: DepotHouse,
    as make: (DepotHouse) -> House,
    _ body: (House) async throws -> Void
  ) async throws {
    do { try await body(make(house)) } catch {
      await house.close()
      throw error
    }
    await house.close()
  }

  /// Closes the store and removes the folder.
  func close() async {
    await blobs.close()
    try? FileManager.default.removeItem(at: folder)
  }

  /// Sends a request to a whole path, with the token unless another authorization is given.
  func send(
    _ method: HTTPRequest.Method,
    _ path: String,
    _ headers: HTTPFields = [:],
    body: RequestBody = .empty,
    authorization: String?? = .none,
    base: String = "http://h:1",
    trail: CallTrail = CallTrail(),
    to other: Formats? = nil
  ) async -> Reply {
    var headers = headers
    headers[.authorization] = authorization ?? "Bearer \(token)"
    return await (other ?? formats).respond(
      to: Request(
        method: method,
        target: Target(path),
        headers: headers,
        body: body,
        base: base,
        trail: trail
      )
    )
  }

  /// The bytes of a reply, wherever they come from.
  func bytes(_ reply: Reply) async throws -> [UInt8] {
    switch reply.body {
    case .bytes(let bytes): return bytes
    case .blob(let blob, let range):
      let domain = blob.scope.map { DomainID($0) }
      return try await depot.contents(of: blob.key, in: domain, range: range) ?? []
    case .stream(_, let stream):
      var bytes: [UInt8] = []
      while let chunk = try await stream.next() { bytes += chunk }
      await depot.settle()
      return bytes
    }
  }
}
