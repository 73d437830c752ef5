/// A road by which new versions come into repositories, as package groups open and close it
/// (`PackageGroupOriginRestrictionType`).
package enum GroupRestriction: String, CaseIterable, Sendable {
  /// From public registries, judged where the external connection is.
  case externalUpstream = "EXTERNAL_UPSTREAM"
  /// From upstream repositories, judged where versions are retained.
  case internalUpstream = "INTERNAL_UPSTREAM"
  /// Published straight into a repository.
  case publish = "PUBLISH"
}

/// How far a package group opens a road (`PackageGroupOriginRestrictionMode`).
package enum GroupRestrictionMode: String, CaseIterable, Sendable {
  case allow = "ALLOW"
  /// To the repositories in the restriction's list.
  case allowSpecificRepositories = "ALLOW_SPECIFIC_REPOSITORIES"
  case block = "BLOCK"
  /// As the nearest group above that does not say this.
  case inherit = "INHERIT"
}

/// How a package came to its group (`PackageGroupAssociationType`).
package enum GroupAssociation: String, CaseIterable, Sendable {
  /// The pattern matches its name.
  case strong = "STRONG"
  /// The pattern matches a name that its own could be taken for.
  case weak = "WEAK"
}

/// What can carry tags.
package enum TagSubject: Hashable, Sendable {
  case domain
  case repository(RepositoryID)
  case packageGroup(PackageGroupID)
}
