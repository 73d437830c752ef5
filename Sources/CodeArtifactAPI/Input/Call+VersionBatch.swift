import Catalog
import Repository

/// The model's `PackageVersionStatus`: a version's states, and `Deleted`, which no version is in
/// that is still there.
enum ModelledVersionStatus: String, CaseIterable {
  case published = "Published"
  case unfinished = "Unfinished"
  case unlisted = "Unlisted"
  case archived = "Archived"
  case disposed = "Disposed"
  case deleted = "Deleted"
}

extension Call {
  /// The most versions that one call may be about (CodeArtifact API 2018-09-22,
  /// `PackageVersionList`).
  private static let versionLimit = 100

  /// The versions in question, of which there must be some; with the revisions they must have,
  /// where an operation takes these beside.
  mutating func versionBatch(
    of format: PackageFormat,
    takesRevisions: Bool
  ) -> VersionBatch {
    let versions = namedVersions(of: format)
    let revisions = takesRevisions ? namedRevisions(of: format) : nil
    if versions == nil { input.note("versions", value: nil, "Member must not be null") }
    if let versions, let revisions, Set(versions) != Set(revisions.keys) {
      input.note(
        "versionRevisions",
        value: revisions.keys.sorted().joined(separator: ", "),
        "Member must name the same versions as versions"
      )
    }
    let expected = input.optional(body: "expectedStatus", oneOf: ModelledVersionStatus.self)
    return VersionBatch(
      versions ?? [],
      revisions: revisions ?? [:],
      expectedStatus: expected?.rawValue
    )
  }

  /// The versions to be copied: by name alone, or with the revision that each must have.
  mutating func copiedVersions(of format: PackageFormat) -> VersionBatch {
    let versions = namedVersions(of: format)
    let revisions = namedRevisions(of: format)
    if (versions == nil) == (revisions == nil) {
      input.note(
        "versions",
        value: versions?.joined(separator: ", "),
        "Exactly one of versions and versionRevisions must be given"
      )
    }
    return VersionBatch(
      versions ?? revisions.map { $0.keys.sorted() } ?? [],
      revisions: revisions ?? [:]
    )
  }

  private mutating func namedVersions(of format: PackageFormat) -> [String]? {
    let versions = input.strings(body: "versions", .packageVersion, upTo: Self.versionLimit)
    if versions?.isEmpty == true {
      input.note("versions", value: "[]", "Member must name a version")
    }
    return versions?.map { PackageRules.normalizedVersion($0, in: format) }
  }

  private mutating func namedRevisions(of format: PackageFormat) -> [String: String]? {
    let revisions = input.map(
      body: "versionRevisions",
      keys: .packageVersion,
      values: .revision,
      upTo: Self.versionLimit
    )
    if revisions?.isEmpty == true {
      input.note("versionRevisions", value: "{}", "Member must name a version")
    }
    guard let revisions else { return nil }
    var normalized: [String: String] = [:]
    for (version, revision) in revisions.sorted(by: { $0.key < $1.key }) {
      let name = PackageRules.normalizedVersion(version, in: format)
      if let other = normalized[name], other != revision {
        input.note(
          "versionRevisions",
          value: version,
          "Member must not name version \(name) with two revisions"
        )
      }
      normalized[name] = revision
    }
    return normalized
  }
}
