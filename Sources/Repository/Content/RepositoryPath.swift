/// Which repository a request means: the three names that every address carries.
package struct RepositoryPath: Hashable, Sendable, CustomStringConvertible {
  /// The twelve digits of the account that owns the domain.
  package let owner: String
  package let domain: String
  package let repository: String

  package init(owner: String, domain: String, repository: String) {
    self.owner = owner
    self.domain = domain
    self.repository = repository
  }

  /// As addresses have it: `acme-123456789012/team`.
  package var description: String { "\(domain)-\(owner)/\(repository)" }
}
