/// A repository of a domain.
package struct RepositoryRecord: Hashable, Sendable {
  package let id: RepositoryID
  package let domainID: DomainID
  /// Unique among the domain's living repositories.
  package let name: String
  /// The account that administers it, which need not own the domain.
  package let administrator: String
  /// Nil when none was given; the empty string is a description like any other.
  package let description: String?
  package let createdAt: Timestamp
  /// The serial of the last journal row of its domain that changed this repository: what documents
  /// derived from it are stamped with.
  package let serial: Int64
}
