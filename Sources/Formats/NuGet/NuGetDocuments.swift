import Access
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers with the documents that clients resolve by.
struct NuGetDocuments: Sendable {
  private let packages: NuGetPackages
  private let documents: RenderedDocuments
  let listings = NuGetListings()

  init(packages: NuGetPackages, documents: RenderedDocuments) {
    self.packages = packages
    self.documents = documents
  }

  func index(_ request: Request, _ addresses: NuGetAddresses) async -> Reply {
    await documents.reply(
      to: request,
      key: "nuget index \(addresses.root)",
      stamp: PayloadHash.sha256(Array(addresses.root.utf8)),
      contentType: "application/json"
    ) {
      addresses.renderIndex()
    }
  }

  /// All versions, unlisted ones too (NuGet V3, "Package content").
  func versions(
    _ id: String,
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    guard let merged = try await packages.merged(id, in: path) else { return .absent(id, path) }
    let listing = merged.listing
    return await documents.reply(
      to: request,
      key: "nuget versions \(path) \(id.lowercased())",
      stamp: merged.stamp,
      contentType: "application/json",
      staleness: merged.staleness
    ) {
      var writer = JSONWriter()
      writer.beginObject()
      writer.name("versions")
      let versions = NuGetPackage(listing).releases.map(\.version.key)
      writer.value(.array(versions.map(JSONValue.string)))
      writer.endObject()
      return writer.bytes
    }
  }

  func registration(
    _ document: NuGetRoute.Document,
    _ hive: NuGetAddresses.Hive,
    _ request: Request,
    _ addresses: NuGetAddresses,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    let (id, name) = document.names
    guard let merged = try await packages.merged(id, with: document.version, in: path) else {
      return .absent(id, path)
    }
    let reply = await documents.replyIfAny(
      to: request,
      key: "nuget \(hive.rawValue) \(addresses.root) \(id.lowercased()) \(name)",
      stamp: merged.stamp,
      contentType: "application/json",
      staleness: merged.staleness
    ) { [listings] in
      document.render(await listings.package(merged, hive), addresses, hive)
    }
    return reply ?? .absent("\(id) \(name)", path)
  }
}

extension NuGetRoute.Document {
  /// The version that the document is about, where it is about one.
  fileprivate var version: NuGetVersion? {
    if case .leaf(_, let version) = self { NuGetVersion(version) } else { nil }
  }

  /// Writes the document; nil when the package has none such.
  fileprivate func render(
    _ package: NuGetPackage,
    _ addresses: NuGetAddresses,
    _ hive: NuGetAddresses.Hive
  ) -> [UInt8]? {
    let registration = NuGetRegistration(package, addresses, hive)
    return switch self {
    case .index: registration.renderIndex()
    case .page(_, let lower, let upper): registration.renderPage(lower, upper)
    case .leaf(_, let version):
      NuGetVersion(version).flatMap(package.release).map(registration.renderLeaf)
    }
  }

  /// The package's identifier, and what tells the document from others of the package.
  fileprivate var names: (id: String, name: String) {
    switch self {
    case .index(let id): (id, "index")
    case .page(let id, let lower, let upper): (id, "page \(lower) \(upper)")
    case .leaf(let id, let version): (id, version.lowercased())
    }
  }
}

extension Reply {
  static func absent(_ what: String, _ path: RepositoryPath) -> Reply {
    .text(.notFound, "Repository \(path.repository) has no \(what.prefix(300)).")
  }
}
