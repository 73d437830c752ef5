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
    let name = [group, artifact].compactMap(\.self).joined(separator: ".")
    // What is held as an artifact is one; of anything else nobody is asked who would learn the
    // name of a private group by it.
    var known: Members?
    if try await depot.standing(of: coordinates, in: path) == .unheld {
      known = try await members(of: name, in: path)
    }
    let package = try await self.package(coordinates, knowing: known, in: path)
    if let group, let package, MavenMetadata.hasVersions(package.listing) {
      let key = Self.key(coordinates, path)
      let listing = package.listing
      return await reply(to: request, key, package.stamp, package.staleness, checksum) {
        MavenMetadata(group: group, artifact: artifact, listing: listing).render()
      }
    }
    if known == nil { known = try await members(of: name, in: path) }
    let plugins =
      (known?.plugins ?? [])
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

  /// The package at a path, which may be no package but a group that has members here.
  ///
  /// A group with private members is not asked for: its name is most of theirs. Where there are
  /// plugins here, a registry that cannot be asked for more is passed over.
  private func package(
    _ coordinates: PackageCoordinates,
    knowing members: Members?,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> MergedPackage? {
    if members?.havePrivateNames == true { return nil }
    guard let members, !members.plugins.isEmpty else {
      return try await depot.package(coordinates, in: path)
    }
    return try await held(coordinates, in: path)
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

  /// The package; a registry that cannot be asked is passed over: no snapshot comes from one, and
  /// plugins that are here are of use without others.
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

  /// What repositories on the way hold of a group.
  private struct Members {
    /// The packages that say they are plugins.
    var plugins: [MavenMetadata.Plugin] = []
    /// Whether there are any that nobody outside is to hear of.
    var havePrivateNames = false
  }

  private func members(
    of group: String,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Members {
    let names = try await depot.packageNames(
      .maven,
      in: path,
      namespace: group,
      prefix: "",
      limit: Self.groupLimit
    )
    var members = Members()
    for name in names where !members.havePrivateNames {
      members.havePrivateNames = try await depot.standing(of: name, in: path) == .private
    }
    // What makes a plugin one is in what is held of it: no registry has to be asked again.
    let packages = try await depot.keptPackages(names, in: path)
    members.plugins = zip(names, packages).compactMap { name, package in
      package.flatMap { MavenMetadata.plugin(name.name, in: $0.listing.attributes) }
    }
    return members
  }
}
