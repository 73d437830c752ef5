extension CatalogReading {
  /// Returns the policy of a domain; nil when it has none.
  package func policy(of domain: DomainID) throws(CatalogError) -> PolicyRecord? {
    try connection.row(PolicyStatements.ofDomain, [.id(domain)], PolicyRecord.init)
  }

  /// Returns the policy of a repository; nil when it has none.
  package func policy(of repository: RepositoryID) throws(CatalogError) -> PolicyRecord? {
    try connection.row(PolicyStatements.ofRepository, [.id(repository)], PolicyRecord.init)
  }
}

extension PolicyRecord {
  init(_ row: ResultRow) throws(CatalogError) {
    self.document = try row.text(0)
    self.revision = try row.text(1)
  }
}
