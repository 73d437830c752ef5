extension CatalogReading {
  /// Returns the wrapped key of a domain; nil when the domain has none.
  package func key(of domain: DomainID) throws(CatalogError) -> DomainKeyRecord? {
    try connection.row(KeyStatements.ofDomain, [.id(domain)], DomainKeyRecord.init)
  }

  /// Returns the wrapped keys of domains from after `domain` on, in the order of their making.
  package func keys(
    after domain: DomainID = DomainID(0),
    limit: Int
  ) throws(CatalogError) -> [DomainKeyRecord] {
    try connection.rows(KeyStatements.page, [.id(domain), .count(limit)], DomainKeyRecord.init)
  }
}

extension DomainKeyRecord {
  init(_ row: ResultRow) throws(CatalogError) {
    self.domainID = try row.id(0)
    self.master = try row.text(1)
    self.wrapped = try row.bytes(2)
    self.generation = try row.integer(3)
    self.wrappedAt = try row.time(4)
  }
}
