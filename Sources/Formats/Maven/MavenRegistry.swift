import Bytes
package import Catalog
import Exchange
package import FormatRules
package import Repository

/// How a public Maven repository is read: versions from `maven-metadata.xml`, files by their path,
/// with the digest that the checksum beside a file promises.
///
/// Snapshots never come from outside (CodeArtifact user guide, "Using Maven snapshots").
package struct MavenRegistry: ExternalFormat {
  package let format = PackageFormat.maven
  /// Old repositories and plain mirrors have files and no lists.
  package let findsUnlistedVersions = true

  package init() {}

  /// What the service guesses too (CodeArtifact user guide, "Maven package behavior with upstream
  /// repositories"), and Gradle's module file.
  package func usualFiles(of package: PackageCoordinates, version: String) -> [String] {
    [".pom", ".jar", "-sources.jar", "-javadoc.jar", ".module"].map { ending in
      "\(package.name)-\(version)\(ending)"
    }
  }

  package func canBeCalled(_ package: PackageCoordinates) -> Bool {
    MavenName.isArtifact(package.name)
      && package.namespace.map(MavenName.isGroup) ?? true
  }

  package func listing(
    of package: PackageCoordinates,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> PackageListing? {
    let address = Self.address(of: package, [MavenPath.metadataName], at: registry.base)
    guard let document = try await registry.document(address, accept: "application/xml, */*;q=0.5")
    else { return nil }
    let metadata: MavenMetadata
    do { metadata = try MavenMetadata(reading: document.bytes) } catch {
      throw document.unusable("\(error)")
    }
    return PackageListing(
      name: package.name,
      versions: Self.releases(of: metadata),
      attributes: Self.attributes(of: metadata)
    )
  }

  private static func releases(of metadata: MavenMetadata) -> [ListedVersion] {
    var seen: Set<String> = []
    return metadata.versions
      .filter { version in
        MavenName.isVersion(version) && !MavenVersion.isSnapshot(version)
          && seen.insert(version).inserted
      }
      .map { ListedVersion(version: $0) }
  }

  private static func attributes(of metadata: MavenMetadata) -> JSONValue {
    var members: [JSONValue.Member] = []
    if let lastUpdated = metadata.lastUpdated {
      members.append(
        JSONValue.Member(MavenMetadata.AttributeName.lastUpdated, .string(lastUpdated))
      )
    }
    if !metadata.plugins.isEmpty {
      let plugins = MavenMetadata.attribute(of: metadata.plugins)
      members.append(JSONValue.Member(MavenMetadata.AttributeName.plugins, plugins))
    }
    return .object(members)
  }

  package func likelyAddress(
    of name: String,
    _ package: PackageCoordinates,
    version: String,
    at base: String
  ) -> String? {
    guard package.namespace != nil, MavenName.isVersion(version), MavenName.isFile(name),
      !MavenVersion.isSnapshot(version)
    else { return nil }
    return Self.address(of: package, [version, name], at: base)
  }

  /// A file's address, with the digest that stands beside it where one does.
  ///
  /// What all repositories have is asked for first. Only where that is missing and the file is not
  /// are the others, and then at once: each question costs a round trip.
  ///
  /// A checksum that is none, such as the page of a mirror or portal that answers everything with
  /// one, is not the same as no checksum: without another one nothing vouches for the file, which
  /// would be kept for good.
  package func file(
    _ name: String,
    of package: PackageCoordinates,
    version: String,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> ListedFile? {
    guard
      let address = likelyAddress(of: name, package, version: version, at: registry.base)
    else { return nil }
    let usual = await Self.promise(of: name, address, by: .sha1, from: registry)
    if case .success(.some(let file)) = usual { return file }
    if case .failure(let failure) = usual, failure.kind != .unusable { throw failure }
    if await registry.saysFileIsAbsent() { return ListedFile(name: name, address: address) }
    async let weaker = Self.promise(of: name, address, by: .md5, from: registry)
    let stronger = await Self.promise(of: name, address, by: .sha256, from: registry)
    let promises = [stronger, await weaker]
    for promise in promises { if case .success(.some(let file)) = promise { return file } }
    for case .failure(var failure) in [usual] + promises {
      // Where the usual one is known to be absent, the others are seldom asked for.
      if case .success(nil) = usual { failure.impliesAbsence = true }
      throw failure
    }
    var file = ListedFile(name: name, address: address)
    file.isWithoutTrace = true
    return file
  }

  /// The file with one checksum; nil where the registry has no such checksum, and a failure where
  /// it has something that is none.
  private static func promise(
    of name: String,
    _ address: String,
    by algorithm: ChecksumAlgorithm,
    from registry: ExternalRegistry
  ) async -> Result<ListedFile?, ExternalFailure> {
    do throws(ExternalFailure) {
      guard let document = try await registry.document("\(address).\(algorithm)") else {
        return .success(nil)
      }
      guard let digest = algorithm.find(in: document.bytes) else {
        return .failure(document.unusable("no \(algorithm) checksum"))
      }
      return .success(
        ListedFile(
          name: name,
          address: address,
          hashes: [algorithm.rawValue: digest.lowercased()],
          changedAt: document.lastModified
        )
      )
    } catch { return .failure(error) }
  }

  private static func address(
    of package: PackageCoordinates,
    _ rest: [String],
    at base: String
  ) -> String {
    let group = package.namespace?.split(separator: ".").map(String.init) ?? []
    return base
      + (group + [package.name] + rest).map { PercentEncoding.encode($0) }.joined(separator: "/")
  }
}
