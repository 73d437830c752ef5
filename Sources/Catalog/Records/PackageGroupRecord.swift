/// A package group of a domain.
package struct PackageGroupRecord: Hashable, Sendable {
  /// How one road is opened.
  package struct Restriction: Hashable, Sendable {
    package let mode: GroupRestrictionMode
    /// The repositories for which `allowSpecificRepositories` opens it, kept whatever the mode.
    package let repositories: Set<RepositoryID>

    package init(mode: GroupRestrictionMode, repositories: Set<RepositoryID> = []) {
      self.mode = mode
      self.repositories = repositories
    }
  }

  package let id: PackageGroupID
  /// Unique in the domain, and the group's name.
  package let pattern: PackageGroupPattern
  package let contactInfo: String?
  package let description: String?
  package let createdAt: Timestamp
  /// One for each road.
  package let restrictions: [GroupRestriction: Restriction]

  package init(
    id: PackageGroupID,
    pattern: PackageGroupPattern,
    contactInfo: String? = nil,
    description: String? = nil,
    createdAt: Timestamp,
    restrictions: [GroupRestriction: Restriction]
  ) {
    self.id = id
    self.pattern = pattern
    self.contactInfo = contactInfo
    self.description = description
    self.createdAt = createdAt
    self.restrictions = restrictions
  }
}
