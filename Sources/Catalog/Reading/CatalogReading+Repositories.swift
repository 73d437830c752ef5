/// Which repositories a listing wants.
package struct RepositoryFilter: Hashable, Sendable {
  /// What the name begins with; empty for any.
  package var prefix: String
  /// The account that administers it; nil for any.
  package var administrator: String?

  package init(prefix: String = "", administrator: String? = nil) {
    self.prefix = prefix
    self.administrator = administrator
  }
}

/// Where a listing across domains stands.
package struct RepositoryPosition: Hashable, Sendable {
  package let name: String
  package let id: RepositoryID

  package init(name: String, id: RepositoryID) {
    self.name = name
    self.id = id
  }
}

extension CatalogReading {
  /// Returns the living repository called `name`.
  package func repository(
    _ name: String,
    in domain: DomainID
  ) throws(CatalogError) -> RepositoryRecord? {
    try connection.row(
      RepositoryStatements.byName,
      [.id(domain), .text(name)],
      RepositoryRecord.init
    )
  }

  /// Returns a living repository.
  package func repository(_ id: RepositoryID) throws(CatalogError) -> RepositoryRecord? {
    try connection.row(RepositoryStatements.byID, [.id(id)], RepositoryRecord.init)
  }

  /// Returns living repositories of a domain in order of name, from after `name` on.
  package func repositories(
    in domain: DomainID,
    _ filter: RepositoryFilter,
    after name: String? = nil,
    limit: Int
  ) throws(CatalogError) -> Page<RepositoryRecord, String> {
    let range = PrefixRange(filter.prefix)
    let last = name.map { RepositoryPosition(name: $0, id: RepositoryID(.max)) }
    let bounds = Self.bounds(from: last, in: range) + [.count(limit + 1)]
    let rows =
      if let administrator = filter.administrator {
        try connection.rows(
          RepositoryStatements.ofDomainByAdministrator,
          [.id(domain), .text(administrator)] + bounds,
          RepositoryRecord.init
        )
      } else {
        try connection.rows(
          RepositoryStatements.ofDomain,
          [.id(domain)] + bounds,
          RepositoryRecord.init
        )
      }
    return Page(rows, limit: limit, position: \.name)
  }

  /// Returns living repositories of every domain that an account administers, in order of name.
  package func repositories(
    administrator: String,
    prefix: String = "",
    after position: RepositoryPosition? = nil,
    limit: Int
  ) throws(CatalogError) -> Page<RepositoryRecord, RepositoryPosition> {
    let bounds = Self.bounds(from: position, in: PrefixRange(prefix))
    let rows = try connection.rows(
      RepositoryStatements.byAdministrator,
      [.text(administrator)] + bounds + [.count(limit + 1)],
      RepositoryRecord.init
    )
    return Page(rows, limit: limit) { RepositoryPosition(name: $0.name, id: $0.id) }
  }

  /// Returns where a repository looks next, in priority order.
  package func upstreams(
    of repository: RepositoryID
  ) throws(CatalogError) -> [(id: RepositoryID, name: String)] {
    try connection.rows(UpstreamStatements.ofRepository, [.id(repository)]) {
      row throws(CatalogError) in (id: try row.id(0), name: try row.text(1))
    }
  }

  /// Returns the public registries a repository is connected to: one or none.
  package func externalConnections(
    of repository: RepositoryID
  ) throws(CatalogError) -> [ExternalConnection] {
    try connection.rows(UpstreamStatements.connection, [.id(repository)]) {
      row throws(CatalogError) in try row.word(0)
    }
  }

  private static func bounds(
    from position: RepositoryPosition?,
    in range: PrefixRange
  ) -> [SQLValue] {
    let start = position ?? RepositoryPosition(name: range.lowerBound, id: RepositoryID(0))
    return [.text(start.name), .id(start.id), .text(range.upperBound)]
  }
}

extension RepositoryRecord {
  init(_ row: ResultRow) throws(CatalogError) {
    self.id = try row.id(0)
    self.domainID = try row.id(1)
    self.name = try row.text(2)
    self.administrator = try row.text(3)
    self.description = try row.textIfPresent(4)
    self.createdAt = try row.time(5)
    self.serial = try row.integer(6)
  }
}
