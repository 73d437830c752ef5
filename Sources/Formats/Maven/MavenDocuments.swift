import Access
import Bytes
import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Answers for `maven-metadata.xml` and its checksums: written from what is true of a package,
/// merged over everything that the repository reaches.
struct MavenDocuments: Sendable {
  /// How many packages of a group are looked at for plugins.
  private static let groupLimit = 500

  private let depot: Depot
  private let documents: RenderedDocuments

  init(depot: Depot, documents: RenderedDocuments) {
    self.depot = depot
    self.documents = documents
  }

  /// The document of an artifact; where the path means a group instead, of its plugins.
  func package(
    _ group: String?,
    _ artifact: String,
    _ checksum: ChecksumAlgorithm?,
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    let coordinates = PackageCoordinates(format: .maven, namespace: group, name: artifact)
    let package = try await depot.package(coordinates, in: path)
    if let group, let package, MavenMetadata.hasVersions(package.listing) {
      let key = Self.key(coordinates, path)
      let listing = package.listing
      return await reply(to: request, key, package.stamp, package.staleness, checksum) {
        MavenMetadata(group: group, artifact: artifact, listing: listing).render()
      }
    }
    let name = [group, artifact].compactMap(\.self).joined(separator: ".")
    let plugins =
      try await plugins(of: name, in: path)
      + (package.map { MavenMetadata.plugins(in: $0.listing.attributes) } ?? [])
    guard let metadata = MavenMetadata(plugins: plugins) else {
      return .text(
        .notFound,
        "Repository \(path.repository) knows no versions of \(coordinates)."
      )
    }
    let bytes = metadata.render()
    return await reply(
      to: request,
      Self.key(coordinates, path),
      PayloadHash.sha256(bytes),
      package?.staleness,
      checksum
    ) { bytes }
  }

  /// The document of a snapshot.
  func snapshot(
    _ group: String,
    _ artifact: String,
    _ base: String,
    _ checksum: ChecksumAlgorithm?,
    _ request: Request,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    let coordinates = PackageCoordinates(format: .maven, namespace: group, name: artifact)
    guard let package = try await held(coordinates, in: path),
      !MavenMetadata.builds(of: base, in: package.listing).isEmpty
    else {
      return .text(
        .notFound,
        "Repository \(path.repository) has no finished build of \(coordinates) \(base)-SNAPSHOT."
      )
    }
    let (key, listing) = ("\(Self.key(coordinates, path)) \(base)", package.listing)
    return await reply(to: request, key, package.stamp, package.staleness, checksum) {
      MavenMetadata(group: group, artifact: artifact, base: base, listing: listing)?.render() ?? []
    }
  }

  /// The package; a registry that cannot be asked is passed over, since no snapshot comes from one.
  private func held(
    _ coordinates: PackageCoordinates,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> MergedPackage? {
    do { return try await depot.package(coordinates, in: path) } catch {
      guard error.code == .upstreamUnavailable else { throw error }
      return nil
    }
  }

  private static func key(_ coordinates: PackageCoordinates, _ path: RepositoryPath) -> String {
    "maven \(path.owner) \(path.domain) \(path.repository) \(coordinates)"
  }

  /// Sends the document, or the checksum of the very bytes that are sent for it now.
  private func reply(
    to request: Request,
    _ key: String,
    _ stamp: SHA256Digest,
    _ staleness: Duration?,
    _ checksum: ChecksumAlgorithm?,
    render: @escaping @Sendable () -> [UInt8]
  ) async -> Reply {
    await documents.reply(
      to: request,
      key: checksum.map { "\(key) \($0)" } ?? key,
      stamp: stamp,
      contentType: checksum == nil ? "application/xml" : "text/plain",
      headers: [.vary: "Authorization", .cacheControl: "private, no-cache"],
      staleness: staleness
    ) {
      checksum.map { Array($0.hexadecimal(of: render()).utf8) } ?? render()
    }
  }

  /// The packages of a group that say they are plugins, here and in upstream repositories.
  private func plugins(
    of group: String,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> [MavenMetadata.Plugin] {
    let names = try await depot.packageNames(
      .maven,
      in: path,
      namespace: group,
      prefix: "",
      limit: Self.groupLimit
    )
    // What makes a plugin one is in what is held of it: no registry has to be asked again.
    let packages = try await depot.keptPackages(names, in: path)
    return zip(names, packages).compactMap { name, package in
      package.flatMap { MavenMetadata.plugin(name.name, in: $0.listing.attributes) }
    }
  }
}
