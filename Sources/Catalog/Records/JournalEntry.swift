/// One change of a domain, written in the transaction that made it.
package struct JournalEntry: Hashable, Sendable {
  /// What a change is about; each part is nil where the change is about something larger.
  package struct Subject: Hashable, Sendable {
    package var repositoryID: RepositoryID?
    /// Kept beside the key, because a deleted repository has no row to ask.
    package var repository: String?
    package var package: PackageCoordinates?
    package var version: String?

    package init(
      repositoryID: RepositoryID? = nil,
      repository: String? = nil,
      package: PackageCoordinates? = nil,
      version: String? = nil
    ) {
      self.repositoryID = repositoryID
      self.repository = repository
      self.package = package
      self.version = version
    }
  }

  package let domainID: DomainID
  /// 1 for the domain's creation, and one more for each change.
  package let serial: Int64
  package let kind: JournalKind
  package let subject: Subject
  /// More about the change, as a JSON object.
  package let detail: String
  package let at: Timestamp
}
