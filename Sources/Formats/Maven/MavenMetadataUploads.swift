import Catalog
import Exchange
import FormatRules
import HTTPTypes
import Repository

/// Takes `maven-metadata.xml`, which says that a deployment is complete: what it names is finished.
///
/// Nothing of it is kept but the plugin prefixes of groups and the suffixes of a build's files: two
/// deployments at once would each write the other's version away.
struct MavenMetadataUploads: Sendable {
  /// How long the document may be, in bytes: some 100,000 versions.
  private static let byteLimit = 8 << 20
  private static let listingStep = 1000

  private let depot: Depot

  init(depot: Depot) {
    self.depot = depot
  }

  /// The document of an artifact finishes the releases that it names; that of a group names the
  /// prefixes of its plugins.
  func accept(
    _ request: Request,
    _ group: String?,
    _ artifact: String,
    from caller: Caller
  ) async throws(RepositoryError) -> Reply {
    let metadata = try await Self.read(request)
    if !metadata.plugins.isEmpty {
      let name = [group, artifact].compactMap(\.self).joined(separator: ".")
      try await take(metadata.plugins, of: name, from: caller)
    }
    guard !metadata.versions.isEmpty || metadata.plugins.isEmpty else { return Self.taken }
    let package = PackageCoordinates(format: .maven, namespace: group, name: artifact)
    try await caller.requireTagging(of: package)
    try Self.check(metadata, package)
    let named = Set(metadata.versions + [metadata.release, metadata.latest].compactMap(\.self))
    let versions = try await unfinished(of: package, in: caller.path) { named.contains($0) }
    for version in versions {
      try await finish(version, as: .published, of: package, in: caller.path)
    }
    return Self.taken
  }

  /// The document of a snapshot finishes the builds that it names: each can be had by its own
  /// version, and the newest one is the snapshot from now on.
  func accept(
    _ request: Request,
    of package: PackageCoordinates,
    base: String,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Reply {
    let metadata = try await Self.read(request)
    try Self.check(metadata, package)
    let builds = metadata.builds(of: base)
    guard let newest = builds.last else {
      throw .refusedUpload(
        "The document names no build of \(base)-SNAPSHOT: neither its `snapshot` nor one of its "
          + "`snapshotVersions` does."
      )
    }
    let names = Set(builds.map(\.version))
    let versions = try await unfinished(of: package, in: path) { names.contains($0) }
    for version in versions {
      let suffixes = metadata.snapshotVersions.filter { $0.value == version }.map(\.suffix.json)
      try await finish(version, as: .unlisted, of: package, in: path) {
        guard !suffixes.isEmpty else { return }
        $0 = $0.setting(MavenMetadata.suffixesName, .array(suffixes))
      }
    }
    try await show(newest, of: package, in: path)
    return Self.taken
  }

  /// Takes a checksum of a document; the document that is served is another, with its own.
  func passOver(
    _ request: Request,
    _ checksum: ChecksumAlgorithm
  ) async throws(RepositoryError) -> Reply {
    _ = try await MavenUploads.digest(checksum, in: request)
    return Self.taken
  }

  private static var taken: Reply { .text(.created, "Received the metadata.") }

  private static func read(_ request: Request) async throws(RepositoryError) -> MavenMetadata {
    let bytes: [UInt8]
    do { bytes = try await request.body.collect(upTo: byteLimit) } catch {
      throw RepositoryError(receiving: error)
    }
    do { return try MavenMetadata(reading: bytes) } catch {
      throw .refusedUpload("maven-metadata.xml cannot be read: \(error).")
    }
  }

  private static func check(
    _ metadata: MavenMetadata,
    _ package: PackageCoordinates
  ) throws(RepositoryError) {
    guard metadata.artifact ?? package.name == package.name,
      metadata.group ?? package.namespace == package.namespace
    else {
      throw .refusedUpload(
        "The document is of \(metadata.group ?? ""):\(metadata.artifact ?? ""), and its address is "
          + "that of \(package.namespace ?? ""):\(package.name)."
      )
    }
  }

  /// The unfinished versions that the repository itself holds.
  private func unfinished(
    of package: PackageCoordinates,
    in path: RepositoryPath,
    where isWanted: (String) -> Bool
  ) async throws(RepositoryError) -> [String] {
    var versions: [String] = []
    var token: String?
    repeat {
      let page = try await depot.listPackageVersions(
        of: package,
        in: path,
        VersionFilter(status: .unfinished),
        limit: Self.listingStep,
        token: token
      )
      versions += page.versions.items.map(\.version).filter(isWanted)
      token = page.versions.nextToken
    } while token != nil
    return versions
  }

  private func finish(
    _ version: String,
    as status: VersionStatus,
    of package: PackageCoordinates,
    in path: RepositoryPath,
    _ change: @escaping @Sendable (inout JSONValue) -> Void = { _ in }
  ) async throws(RepositoryError) {
    let record = try await depot.amendVersion(version, of: package, in: path) { amendment in
      guard amendment.status == .unfinished,
        MavenVersionState.mismatches(in: amendment.metadata).isEmpty
      else { return }
      change(&amendment.metadata)
      amendment.status = status
    }
    guard record?.status == .unfinished else { return }
    throw .refusedUpload(
      "Version \(version) stays unfinished: a checksum that was uploaded is not that of its file. "
        + "Delete the version and deploy it again."
    )
  }

  /// Makes a build's files those of `…-SNAPSHOT`, as the control API shows it.
  ///
  /// Downloads are answered from the builds themselves.
  private func show(
    _ build: SnapshotBuild,
    of package: PackageCoordinates,
    in path: RepositoryPath
  ) async throws(RepositoryError) {
    let files = try await depot.ifFound { () async throws(RepositoryError) in
      try await depot.listPackageVersionAssets(
        of: build.version,
        package,
        in: path,
        limit: Self.listingStep
      )
    }
    guard let files else {
      throw .refusedUpload(
        "The document names build \(build.version), of which no file has come. Deploy its files "
          + "first."
      )
    }
    let metadata = (try? JSONReader.read(Array(files.version.metadata.utf8))) ?? .object([])
    var publication = VersionPublication(
      repository: path,
      package: package,
      displayName: files.version.displayName,
      version: build.snapshot,
      metadata: metadata.setting(MavenMetadata.suffixesName, nil),
      files: files.assets.items.map { asset in
        .init(name: asset.name, staged: StagedAsset(asset))
      }
    )
    publication.replacesVersion = true
    _ = try await depot.publish(publication)
  }

  private func take(
    _ plugins: [MavenMetadata.Plugin],
    of group: String,
    from caller: Caller
  ) async throws(RepositoryError) {
    for plugin in plugins where MavenName.isArtifact(plugin.artifact) {
      let package = PackageCoordinates(format: .maven, namespace: group, name: plugin.artifact)
      try await caller.requireTagging(of: package)
      // What is not held here comes from an upstream, whose document the client has merged in.
      _ = try await depot.amendPackage(package, in: caller.path) {
        MavenMetadata.adding(plugin, to: $0)
      }
    }
  }
}

extension StagedAsset {
  /// The bytes of an asset that is there already, on their way into another version.
  fileprivate init(_ asset: AssetRecord) {
    self.init(digests: asset.digests, byteCount: UInt64(asset.byteCount))
  }
}
