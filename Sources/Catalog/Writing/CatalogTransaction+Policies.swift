internal import Bytes
internal import Crypto

extension CatalogTransaction {
  /// Gives a domain a policy in place of the one it may have.
  package func putPolicy(
    _ document: String,
    of domain: DomainID,
    at time: Timestamp
  ) throws(CatalogError) -> PolicyRecord {
    let serial = try journal(.domainPolicyChanged, in: domain, at: time)
    let policy = PolicyRecord(document: document, revision: revision(domain, serial, document))
    try connection.run(
      PolicyStatements.putOfDomain,
      [.id(domain), .text(policy.document), .text(policy.revision)]
    )
    return policy
  }

  /// Gives a repository a policy in place of the one it may have.
  package func putPolicy(
    _ document: String,
    of repository: RepositoryRecord,
    at time: Timestamp
  ) throws(CatalogError) -> PolicyRecord {
    let serial = try journalPolicy(of: repository, at: time)
    let policy = PolicyRecord(
      document: document,
      revision: revision(repository.domainID, serial, document)
    )
    try connection.run(
      PolicyStatements.putOfRepository,
      [.id(repository.id), .text(policy.document), .text(policy.revision)]
    )
    return policy
  }

  package func deletePolicy(of domain: DomainID, at time: Timestamp) throws(CatalogError) {
    try connection.run(PolicyStatements.deleteOfDomain, [.id(domain)])
    try journal(.domainPolicyChanged, in: domain, at: time)
  }

  package func deletePolicy(
    of repository: RepositoryRecord,
    at time: Timestamp
  ) throws(CatalogError) {
    try connection.run(PolicyStatements.deleteOfRepository, [.id(repository.id)])
    try journalPolicy(of: repository, at: time)
  }

  /// A policy changes no document of its repository, so that the repository is not stamped with the
  /// serial.
  @discardableResult
  private func journalPolicy(
    of repository: RepositoryRecord,
    at time: Timestamp
  ) throws(CatalogError) -> Int64 {
    let subject = JournalEntry.Subject(repositoryID: repository.id, repository: repository.name)
    return try journal(.repositoryPolicyChanged, in: repository.domainID, subject, at: time)
  }

  /// Forty digits that no other policy ever had: a serial belongs to one change.
  private func revision(_ domain: DomainID, _ serial: Int64, _ document: String) -> String {
    let text = "\(domain.rawValue)/\(serial)/\(document)"
    return Hexadecimal.encode(SHA256.hash(data: Array(text.utf8)).prefix(20))
  }
}
