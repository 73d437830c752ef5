/// What a row of a domain's journal says happened.
///
/// Extensible: a reader passes over what it does not know.
package struct JournalKind: RawRepresentable, Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  package static let domainCreated = JournalKind(rawValue: "domain-created")
  package static let domainDeleted = JournalKind(rawValue: "domain-deleted")
  package static let repositoryCreated = JournalKind(rawValue: "repository-created")
  package static let repositoryUpdated = JournalKind(rawValue: "repository-updated")
  package static let repositoryDeleted = JournalKind(rawValue: "repository-deleted")
  /// A domain got a policy, another one, or lost it.
  package static let domainPolicyChanged = JournalKind(rawValue: "domain-policy-changed")
  /// A repository got a policy, another one, or lost it.
  package static let repositoryPolicyChanged = JournalKind(rawValue: "repository-policy-changed")
  package static let connectionAssociated = JournalKind(rawValue: "connection-associated")
  package static let connectionDisassociated = JournalKind(rawValue: "connection-disassociated")
  /// A version appeared, gained assets or was overwritten: by publishing, ingestion, retention or
  /// copying.
  package static let versionRecorded = JournalKind(rawValue: "version-recorded")
  /// Attributes of a version's assets changed while their bytes did not, such as a yanked mark.
  package static let assetsAnnotated = JournalKind(rawValue: "assets-annotated")
  /// Status or metadata of a version changed: deprecated, yanked, unlisted, disposed of.
  package static let versionAmended = JournalKind(rawValue: "version-amended")
  /// What belongs to a package as a whole changed, such as its tags.
  package static let packageAmended = JournalKind(rawValue: "package-amended")
  /// A version is gone with its assets.
  package static let versionRemoved = JournalKind(rawValue: "version-removed")
  /// A package is gone, after a row for each of its versions.
  package static let packageRemoved = JournalKind(rawValue: "package-removed")
  /// The roads open to new versions of a package in one repository changed.
  package static let originConfigured = JournalKind(rawValue: "origin-configured")
  package static let packageGroupCreated = JournalKind(rawValue: "package-group-created")
  package static let packageGroupUpdated = JournalKind(rawValue: "package-group-updated")
  package static let packageGroupDeleted = JournalKind(rawValue: "package-group-deleted")
  /// Tags of a domain, a repository or a package group changed.
  package static let tagsChanged = JournalKind(rawValue: "tags-changed")
}
