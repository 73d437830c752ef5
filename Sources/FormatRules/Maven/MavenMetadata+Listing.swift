/// Documents from what is true of a package, never from what a client sent: two deployments at once
/// would each write the other's version away.
extension MavenMetadata {
  /// The members of a listing's attributes that are Maven's.
  package enum AttributeName {
    /// When a public registry last changed the package's metadata, `yyyyMMddHHmmss`.
    package static let lastUpdated = "lastUpdated"
    /// What a public registry says of the plugins of the group of this name: an object by prefix.
    package static let plugins = "plugins"
    /// The prefix by which the package is called as a plugin: `{"prefix": …, "name": …}`.
    package static let plugin = "plugin"
  }

  /// The member of a build's metadata that keeps the suffixes as its publisher wrote them.
  package static let suffixesName = "suffixes"

  /// Whether an artifact has versions to show.
  package static func hasVersions(_ listing: PackageListing) -> Bool {
    listing.versions.contains { $0.isListed && SnapshotBuild($0.version) == nil }
      || !shownVersions(of: listing).isEmpty
  }

  /// The versions that are listed, and the snapshots that have builds and are not hidden.
  private static func shownVersions(of listing: PackageListing) -> Set<String> {
    var listed: Set<String> = []
    var hidden: Set<String> = []
    for version in listing.versions {
      if let build = SnapshotBuild(version.version) {
        listed.insert(build.snapshot)
      } else if version.isListed {
        listed.insert(version.version)
      } else {
        hidden.insert(version.version)
      }
    }
    return listed.subtracting(hidden)
  }

  /// The document of an artifact.
  ///
  /// `latest` and `release` are the greatest versions in Maven's order, with and without snapshots.
  package init(group: String, artifact: String, listing: PackageListing) {
    self.init(group: group, artifact: artifact)
    versions = MavenVersion.sort(Self.shownVersions(of: listing))
    latest = versions.last
    release = versions.last { !MavenVersion.isSnapshot($0) }
    lastUpdated = Self.lastUpdated(of: listing, listing.versions)
  }

  /// The document of a snapshot; nil when there is no build of it.
  ///
  /// Of each classifier and extension the newest build that has such a file is named.
  package init?(group: String, artifact: String, base: String, listing: PackageListing) {
    let builds = Self.builds(of: base, in: listing)
    guard let newest = builds.last?.build else { return nil }
    self.init(group: group, artifact: artifact, version: newest.snapshot)
    snapshot = Snapshot(timestamp: newest.timestamp, buildNumber: newest.number)
    lastUpdated = newest.updated
    var entries: [ArtifactSuffix: SnapshotVersion] = [:]
    for (build, version) in builds {
      for suffix in Self.suffixes(of: version, artifact: artifact) {
        entries[suffix] = SnapshotVersion(
          suffix: suffix,
          value: build.version,
          updated: build.updated
        )
      }
    }
    snapshotVersions = entries.values.sorted {
      ($0.suffix.classifier ?? "", $0.suffix.extension)
        < ($1.suffix.classifier ?? "", $1.suffix.extension)
    }
  }

  /// The builds of a snapshot that a listing has, the newest last.
  package static func builds(
    of base: String,
    in listing: PackageListing
  ) -> [(build: SnapshotBuild, version: ListedVersion)] {
    let prefix = "\(base)-"
    return listing.versions
      .compactMap { version in
        guard version.version.hasPrefix(prefix), !version.files.isEmpty,
          let build = SnapshotBuild(version.version), build.base == base
        else { return nil }
        return (build: build, version: version)
      }
      .sorted { $0.build < $1.build }
  }

  /// The suffixes of a build's files: as the publisher wrote them where it did, else as the names
  /// suggest.
  private static func suffixes(of version: ListedVersion, artifact: String) -> [ArtifactSuffix] {
    let prefix = "\(artifact)-\(version.version)"
    let written = ArtifactSuffix.list(in: version.metadata[suffixesName])
    return version.files.compactMap { file in
      guard file.name.hasPrefix(prefix) else { return nil }
      let rest = String(file.name.dropFirst(prefix.count))
      return written.first { $0.text == rest } ?? ArtifactSuffix(rest)
    }
  }

  /// The latest of what registries say and of when versions were published here.
  private static func lastUpdated(
    of listing: PackageListing,
    _ versions: [ListedVersion]
  ) -> String? {
    let said = listing.attributes[AttributeName.lastUpdated]?.string
      .flatMap { $0.utf8.count == 14 && $0.utf8.allSatisfy(\.isDigit) ? $0 : nil }
    let published = versions.compactMap(\.publishedAt).max().map(MavenTime.text)
    return [said, published].compactMap(\.self).max()
  }
}

extension ArtifactSuffix {
  /// The form that a version's metadata keeps.
  package var json: JSONValue {
    let classifier = classifier.map { [JSONValue.Member("classifier", .string($0))] } ?? []
    return .object(classifier + [JSONValue.Member("extension", .string(`extension`))])
  }

  package static func list(in value: JSONValue?) -> [ArtifactSuffix] {
    (value?.array ?? []).compactMap { item in
      item["extension"]?.string.map {
        ArtifactSuffix(classifier: item["classifier"]?.string, extension: $0)
      }
    }
  }
}

extension MavenMetadata {
  /// The builds that a snapshot's document names, the newest last.
  package func builds(of base: String) -> [SnapshotBuild] {
    let shown = snapshot.flatMap {
      SnapshotBuild(base: base, timestamp: $0.timestamp, number: $0.buildNumber)
    }
    let named = snapshotVersions.compactMap { SnapshotBuild($0.value) }.filter { $0.base == base }
    return Set(named + [shown].compactMap(\.self)).sorted()
  }
}
