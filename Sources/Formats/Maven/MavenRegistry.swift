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

  package func listing(
    of package: PackageCoordinates,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> PackageListing? {
    let address = Self.address(of: package, [MavenPath.metadataName], at: registry.base)
    guard let document = try await registry.document(address, accept: "application/xml, */*;q=0.5")
    else { return nil }
    let metadata: MavenMetadata
    do { metadata = try MavenMetadata(reading: document.bytes) } catch {
      throw ExternalFailure(.unusable, "\(address) cannot be read: \(error)")
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

  /// A file's address, with the digest that stands beside it where one does.
  package func file(
    _ name: String,
    of package: PackageCoordinates,
    version: String,
    from registry: ExternalRegistry
  ) async throws(ExternalFailure) -> ListedFile? {
    guard package.namespace != nil, !MavenVersion.isSnapshot(version) else { return nil }
    let address = Self.address(of: package, [version, name], at: registry.base)
    for algorithm in [ChecksumAlgorithm.sha1, .sha256, .md5] {
      guard let document = try await registry.document("\(address).\(algorithm)"),
        let digest = algorithm.find(in: document.bytes)
      else { continue }
      return ListedFile(
        name: name,
        address: address,
        hashes: [algorithm.rawValue: digest.lowercased()],
        changedAt: document.lastModified
      )
    }
    return ListedFile(name: name, address: address)
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
