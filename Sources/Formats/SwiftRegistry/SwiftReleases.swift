import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers for the list of a package's releases, and for what is known of one.
struct SwiftReleases: Sendable {
  private let depot: Depot
  private let documents: RenderedDocuments

  init(depot: Depot, documents: RenderedDocuments) {
    self.depot = depot
    self.documents = documents
  }

  /// SE-0292 section 4.1.
  func list(
    _ package: SwiftPackageIdentity,
    _ request: Request,
    at place: SwiftPlace,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    guard let merged = try await depot.package(package.coordinates, in: path) else {
      return .absent(package, in: path)
    }
    let list = SwiftReleaseList(merged.listing)
    var links = SwiftLinks()
    if let latest = list.latest {
      links.add(place.release(latest.version.text, of: package), relation: "latest-version")
      let addresses = SwiftRelease(row: latest.listed.metadata).repositoryAddresses
      for (index, address) in addresses.prefix(Self.mostAddresses).enumerated() {
        links.add(address, relation: index == 0 ? "canonical" : "alternate")
      }
    }
    return await documents.reply(
      to: request,
      key: "swift releases \(place.address) \(package.coordinates)",
      stamp: merged.stamp,
      contentType: "application/json",
      headers: links.field,
      staleness: merged.staleness
    ) {
      list.render { place.release($0, of: package) }
    }
  }

  /// How many addresses in version control a header tells of.
  private static let mostAddresses = 8

  /// SE-0292 section 4.2.
  func information(
    _ package: SwiftPackageIdentity,
    _ version: String,
    _ request: Request,
    at place: SwiftPlace,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    guard let merged = try await depot.package(package.coordinates, in: path) else {
      return .absent(package, in: path)
    }
    let list = SwiftReleaseList(merged.listing)
    guard let item = list.item(version), let archive = package.archive(of: item) else {
      return .absent(package, version, in: path)
    }
    let release = SwiftRelease(row: item.listed.metadata)
    let information = SwiftReleaseInformation(
      identifier: release.identifier.isEmpty ? package.text : release.identifier,
      version: item.version.text,
      sha256: archive.hashes["sha256"] ?? "",
      release: release,
      publishedAt: item.listed.publishedAt
    )
    return await documents.reply(
      to: request,
      key: "swift release \(package.coordinates) \(item.version.text)",
      stamp: merged.stamp,
      contentType: "application/json",
      headers: Self.links(item, list, package, place).field,
      staleness: merged.staleness
    ) {
      information.render()
    }
  }

  private static func links(
    _ item: SwiftReleaseList.Item,
    _ list: SwiftReleaseList,
    _ package: SwiftPackageIdentity,
    _ place: SwiftPlace
  ) -> SwiftLinks {
    var links = SwiftLinks()
    let neighbours = list.neighbours(of: item.version)
    for (relation, other) in [
      ("latest-version", list.latest), ("successor-version", neighbours.successor),
      ("predecessor-version", neighbours.predecessor),
    ] {
      guard let other else { continue }
      links.add(place.release(other.version.text, of: package), relation: relation)
    }
    return links
  }
}

extension SwiftPackageIdentity {
  /// The package as the catalog has it.
  var coordinates: PackageCoordinates {
    PackageCoordinates(format: .swift, namespace: normalizedScope, name: normalizedName)
  }

  /// The name of a release's archive among its assets.
  func archiveName(_ version: String) -> String { "\(normalizedName)-\(version).zip" }

  func archive(of item: SwiftReleaseList.Item) -> ListedFile? {
    let name = archiveName(item.version.text)
    return item.listed.files.first { $0.name == name }
  }
}

extension SwiftRelease {
  /// Where the package lies in version control, as its publisher says.
  var repositoryAddresses: [String] {
    (metadata["repositoryURLs"]?.array ?? []).compactMap(\.string)
  }
}

extension SwiftLinks {
  var field: HTTPFields {
    value.map { [.link: $0] } ?? [:]
  }
}

extension Reply {
  static func absent(_ package: SwiftPackageIdentity, in path: RepositoryPath) -> Reply {
    .swiftProblem(
      .notFound,
      "Repository \(path.repository) knows no package \(package.text)."
    )
  }

  static func absent(
    _ package: SwiftPackageIdentity,
    _ version: String,
    in path: RepositoryPath
  ) -> Reply {
    .swiftProblem(
      .notFound,
      "Repository \(path.repository) has no release \(version.prefix(128)) of \(package.text)."
    )
  }
}

extension HTTPField.Name {
  static let link = HTTPField.Name("Link") ?? .location
}
