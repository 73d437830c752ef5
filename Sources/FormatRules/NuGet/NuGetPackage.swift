/// A package as a repository shows it, in the terms of NuGet: its releases, the lowest first.
package struct NuGetPackage: Sendable {
  package struct Release: Sendable {
    package let version: NuGetVersion
    package let description: NuGetDescription
    package let isListed: Bool
    package let publishedAt: UploadTime?
    /// The `.nupkg`; nil where the place lists none.
    package let file: ListedFile?
  }

  /// As its publisher spells it.
  package let name: String
  /// The identifier by which it is found.
  package let key: String
  package let releases: [Release]

  /// Versions that older clients cannot read are left out unless `semVer2` is true.
  package init(_ listing: PackageListing, semVer2: Bool = true) {
    let key = String(decoding: listing.name.utf8.map(\.lowercased), as: UTF8.self)
    name = listing.name
    self.key = key
    releases = listing.versions.compactMap { listed in
      guard let version = NuGetVersion(listed.version), semVer2 || !version.needsSemVer2 else {
        return nil
      }
      let kept = NuGetDescription(row: listed.metadata)
      let spelt = kept.flatMap { NuGetVersion($0.version) } ?? version
      guard semVer2 || !spelt.needsSemVer2 else { return nil }
      let name = Self.fileName(key, version.key)
      return Release(
        version: spelt,
        description: kept ?? NuGetDescription(id: listing.name, version: version.text),
        isListed: listed.isListed,
        publishedAt: listed.publishedAt,
        file: listed.files.first { $0.name == name }
      )
    }.sorted { $0.version < $1.version }
  }

  /// The name of a version's file, by keys.
  package static func fileName(_ id: String, _ version: String) -> String {
    "\(id).\(version).nupkg"
  }

  package func release(_ version: NuGetVersion) -> Release? {
    releases.first { $0.version == version }
  }

  /// The highest listed release; with prereleases only where that is wanted.
  package func latest(prereleases: Bool) -> Release? {
    releases.last { $0.isListed && (prereleases || !$0.version.isPrerelease) }
  }

  /// The same package with some of its releases.
  package func filtered(_ isWanted: (Release) -> Bool) -> NuGetPackage {
    NuGetPackage(name: name, key: key, releases: releases.filter(isWanted))
  }

  private init(name: String, key: String, releases: [Release]) {
    self.name = name
    self.key = key
    self.releases = releases
  }
}
