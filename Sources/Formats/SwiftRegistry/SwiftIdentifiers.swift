import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository
import Synchronization

/// Answers which packages lie at an address in version control (SE-0292, section 4.5).
///
/// Each package keeps the addresses that its releases named; a look-up reads those of all packages
/// that the repository holds or reaches, once for each change of one of them.
final class SwiftIdentifiers: Sendable {
  /// How many packages are looked at.
  private static let mostPackages = 10_000

  /// The packages at each address, in one state of what is held.
  private struct Index: Sendable {
    let state: HeldState
    let identifiers: [String: [String]]
  }

  /// Of how many repositories the addresses are kept.
  private static let mostIndexes = 64

  private let depot: Depot
  private let indexes = Mutex<[RepositoryPath: Index]>([:])

  init(depot: Depot) {
    self.depot = depot
  }

  func lookUp(
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    guard let address = request.target.query?.first(where: { $0.name == "url" })?.value,
      !address.isEmpty
    else {
      return .swiftProblem(.badRequest, "The query has no `url` to look up.")
    }
    let wanted = SwiftRepositoryAddress.normalize(address)
    guard let found = try await identifiers(in: path)[wanted] else {
      return .swiftProblem(
        .notFound,
        "Repository \(path.repository) knows no package at \(address.prefix(300))."
      )
    }
    return Reply(
      .ok,
      headers: [.contentType: "application/json", .cacheControl: "private, no-cache"],
      body: .bytes(Self.render(found))
    )
  }

  /// The identities of packages by the addresses that their listed releases name.
  private func identifiers(
    in path: RepositoryPath
  ) async throws(RepositoryError) -> [String: [String]] {
    let state = try await depot.heldState(.swift, in: path)
    if let known = indexes.withLock({ $0[path] }), known.state == state {
      return known.identifiers
    }
    let held = try await depot.heldPackages(.swift, in: path)
    let packages = held.prefix(Self.mostPackages).map(\.coordinates)
    var identifiers: [String: [String]] = [:]
    for package in try await depot.keptPackages(packages, in: path) {
      guard let listing = package?.listing else { continue }
      for (address, identifier) in Self.addresses(of: listing) {
        identifiers[address, default: []].append(identifier)
      }
    }
    let index = Index(state: state, identifiers: identifiers)
    indexes.withLock { indexes in
      if indexes.count >= Self.mostIndexes { indexes = [:] }
      indexes[path] = index
    }
    return identifiers
  }

  /// The addresses that a package's listed releases name, each with the identity as the first of
  /// them that names it spells it.
  private static func addresses(of listing: PackageListing) -> [String: String] {
    var found: [String: String] = [:]
    for item in SwiftReleaseList(listing).items where item.listed.isListed {
      let release = SwiftRelease(row: item.listed.metadata)
      for address in release.repositoryAddresses.map(SwiftRepositoryAddress.normalize)
      where found[address] == nil {
        found[address] = release.identifier
      }
    }
    return found
  }

  private static func render(_ identifiers: [String]) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.name("identifiers")
    writer.beginArray()
    for identifier in identifiers { writer.string(identifier) }
    writer.endArray()
    writer.endObject()
    return writer.bytes
  }
}
