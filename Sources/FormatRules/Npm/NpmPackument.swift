/// The documents of one package, written from what is known of it (github.com/npm/registry,
/// `docs/responses/package-metadata.md`).
///
/// Versions stand in the order of their precedence; those that do not parse, which only old data
/// has, come last.
package struct NpmPackument: Sendable {
  struct Entry: Sendable {
    let listed: ListedVersion
    let manifest: NpmManifest
    let version: NpmVersion?
  }

  let name: NpmName
  /// The repository's address as the client reached it, without a slash at the end.
  let root: String
  let attributes: JSONValue
  let entries: [Entry]
  /// Every tag whose version is there, and always `latest` while there are versions.
  package let tags: [(name: String, version: String)]

  /// Prepares the documents; what is not listed does not show in them.
  package init(_ listing: PackageListing, of name: NpmName, root: String) {
    self.name = name
    self.root = root
    attributes = listing.attributes
    let entries: [Entry] = listing.versions.filter(\.isListed).compactMap { listed in
      NpmManifest(metadata: listed.metadata).map {
        Entry(listed: listed, manifest: $0, version: NpmVersion(loose: listed.version))
      }
    }
    self.entries = entries.sorted { Self.precedes($0, $1) }
    tags = Self.tags(attributes["dist-tags"], self.entries)
  }

  package var isEmpty: Bool { entries.isEmpty }

  /// The versions there are, in order.
  package var versions: [String] { entries.map(\.listed.version) }

  /// Why a version is deprecated; nil when it is not, or not there.
  package func deprecation(of version: String) -> String? {
    entries.first { $0.listed.version == version }?.manifest.deprecated
  }

  /// The version that an exact version or a tag means.
  package func version(_ text: String) -> String? {
    versions.contains(text) ? text : tags.first { $0.name == text }?.version
  }

  var latest: Entry? {
    let latest = tags.first { $0.name == "latest" }?.version
    return entries.first { $0.listed.version == latest }
  }

  private static func precedes(_ left: Entry, _ right: Entry) -> Bool {
    switch (left.version, right.version) {
    case (let a?, let b?) where a != b: a < b
    case (_?, nil): true
    case (nil, _?): false
    default: left.listed.version < right.listed.version
    }
  }

  /// Tags may outlive their versions, and packages may lack `latest`, on which every client relies:
  /// the greatest release that is not deprecated stands in, else the greatest release, else the
  /// greatest version.
  ///
  /// None of them is above what `latest` stood at, as long as there is one below: a maintainer may
  /// have newer releases out that are not meant for everyone yet.
  private static func tags(
    _ stated: JSONValue?,
    _ entries: [Entry]
  ) -> [(name: String, version: String)] {
    let known = Set(entries.map(\.listed.version))
    var tags: [(name: String, version: String)] = []
    for member in stated?.members ?? [] {
      guard let version = member.value.string, known.contains(version) else { continue }
      tags.removeAll { $0.name == member.name }
      tags.append((member.name, version))
    }
    if !tags.contains(where: { $0.name == "latest" }) {
      let stated = stated?["latest"]?.string.flatMap { NpmVersion(loose: $0) }
      let below = entries.filter { entry in
        guard let stated, let version = entry.version else { return false }
        return version < stated
      }
      if let best = best(of: below) ?? best(of: entries) {
        tags.insert(("latest", best.listed.version), at: 0)
      }
    }
    return tags
  }

  private static func best(of entries: [Entry]) -> Entry? {
    let releases = entries.filter { $0.version?.isPrerelease == false }
    return releases.last { $0.manifest.deprecated == nil } ?? releases.last ?? entries.last
  }
}
