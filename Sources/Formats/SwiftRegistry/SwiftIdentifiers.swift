import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers which packages lie at an address in version control (SE-0292, section 4.5).
///
/// Each package keeps the addresses that its releases named; a look-up reads those of all packages
/// that the repository holds or reaches.
struct SwiftIdentifiers: Sendable {
  /// How many packages are looked at.
  private static let mostPackages = 10_000

  private let depot: Depot

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
    var found: [String] = []
    for coordinates in try await depot.packageNames(
      .swift,
      in: path,
      prefix: "",
      limit: Self.mostPackages
    ) {
      guard let merged = try await depot.package(coordinates, in: path),
        let identifier = Self.identifier(of: merged.listing, at: wanted)
      else { continue }
      found.append(identifier)
    }
    guard !found.isEmpty else {
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

  /// The identity of the package when one of its listed releases names the address.
  private static func identifier(of listing: PackageListing, at wanted: String) -> String? {
    for item in SwiftReleaseList(listing).items where item.listed.isListed {
      let release = SwiftRelease(row: item.listed.metadata)
      let addresses = release.repositoryAddresses.lazy.map(SwiftRepositoryAddress.normalize)
      if addresses.contains(wanted) { return release.identifier }
    }
    return nil
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
