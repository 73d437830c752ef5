internal import Bytes
internal import Catalog

extension RepositoryError {
  /// A package takes no publishing in a repository: says which of the three reasons it is.
  static func publishingBlocked(
    _ publication: AssetPublication,
    _ restrictions: OriginRestrictions?,
    by rules: OriginRules
  ) -> RepositoryError {
    let (package, pattern) = (publication.package, rules.association?.group.pattern.text ?? "/*")
    let reason =
      if restrictions?.publish == .block {
        "its origin control `publish` is BLOCK. Set it to ALLOW, or publish elsewhere."
      } else if rules.isLookalike {
        "its name can be taken for one that package group \(pattern) means, and such packages are "
          + "blocked. Create a package group for this very name to open it."
      } else {
        "package group \(pattern) does not allow PUBLISH there. Change the group's origin "
          + "configuration, or publish elsewhere."
      }
    return RepositoryError(
      .accessDenied,
      "Package \(package.name) in repository \(publication.repository.repository) takes no direct "
        + "publishing: \(reason)",
      resourceID: package.name,
      resourceType: .package
    )
  }

  static func reachableUpstream(_ publication: AssetPublication) -> RepositoryError {
    RepositoryError(
      .conflict,
      "Version \(publication.version) of \(publication.package.name) is available from an upstream "
        + "of repository \(publication.repository.repository), so it cannot be published there. "
        + "Choose another version, or set the package's origin control `upstream` to BLOCK.",
      resourceID: publication.version,
      resourceType: .packageVersion
    )
  }

  static func otherBytes(
    _ publication: AssetPublication,
    _ existing: SHA256Digest
  ) -> RepositoryError {
    RepositoryError(
      .conflict,
      "File already exists: \(publication.assetName) is in repository "
        + "\(publication.repository.repository) with other bytes (SHA-256 \(existing)). "
        + "A published file never changes; publish a new version.",
      resourceID: publication.assetName,
      resourceType: .asset
    )
  }

  static func closed(_ publication: AssetPublication, _ status: VersionStatus) -> RepositoryError {
    RepositoryError(
      .conflict,
      "Version \(publication.version) of \(publication.package.name) is \(status.rawValue) in "
        + "repository \(publication.repository.repository) and takes no more files.",
      resourceID: publication.version,
      resourceType: .packageVersion
    )
  }

  static func tooManyAssets(_ publication: AssetPublication, _ count: Int) -> RepositoryError {
    RepositoryError(
      .quotaExceeded,
      "Version \(publication.version) of \(publication.package.name) would have \(count) files, "
        + "which is more than a version may have.",
      resourceID: publication.version,
      resourceType: .packageVersion
    )
  }
}
