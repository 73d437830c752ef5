extension CatalogReading {
  /// Returns the living domain that `owner` calls `name`.
  package func domain(owner: String, name: String) throws(CatalogError) -> DomainRecord? {
    try connection.row(DomainStatements.byName, [.text(owner), .text(name)], DomainRecord.init)
  }

  /// Returns a living domain.
  package func domain(_ id: DomainID) throws(CatalogError) -> DomainRecord? {
    try connection.row(DomainStatements.byID, [.id(id)], DomainRecord.init)
  }

  /// Returns living domains of an account in order of name, from after `name` on.
  package func domains(
    owner: String,
    after name: String? = nil,
    limit: Int
  ) throws(CatalogError) -> Page<DomainRecord, String> {
    let rows = try connection.rows(
      DomainStatements.page,
      [.text(owner), .text(name ?? ""), .count(limit + 1)],
      DomainRecord.init
    )
    return Page(rows, limit: limit, position: \.name)
  }

  /// Returns how many living domains an account owns.
  ///
  /// - Complexity: O(n) in that number, which a quota bounds.
  package func domainCount(owner: String) throws(CatalogError) -> Int {
    try connection.requiredRow(DomainStatements.count, [.text(owner)]) { row throws(CatalogError) in
      Int(try row.integer(0))
    }
  }

  /// Returns a domain with all its living repositories and how they point at one another; nil when
  /// it does not live.
  ///
  /// Eight statements, however many repositories there are.
  ///
  /// - Complexity: O(n log n) in the domain's repositories, which a quota bounds.
  package func graph(of domain: DomainID) throws(CatalogError) -> RepositoryGraph? {
    guard let record = try self.domain(domain) else { return nil }
    let upstreams = try upstreamLists(in: domain)
    let connections = try connectionLists(in: domain)
    let settings = try settings(in: domain)
    let limit = Int(record.repositoryCount)
    var nodes: [RepositoryID: RepositoryGraph.Node] = [:]
    for repository in try repositories(in: domain, RepositoryFilter(), limit: limit).items {
      nodes[repository.id] = RepositoryGraph.Node(
        repository: repository,
        upstreams: upstreams[repository.id] ?? [],
        externalConnections: connections[repository.id] ?? [],
        settings: settings[repository.id] ?? RepositorySettings()
      )
    }
    return RepositoryGraph(
      domain: record,
      nodes: nodes,
      groups: try packageGroups(in: domain),
      tags: try tags(in: domain)
    )
  }

  private func upstreamLists(
    in domain: DomainID
  ) throws(CatalogError) -> [RepositoryID: [RepositoryID]] {
    let rows = try connection.rows(UpstreamStatements.ofDomain, [.id(domain)]) {
      row throws(CatalogError) in
      (
        of: try row.id(0) as RepositoryID, position: try row.integer(1),
        id: try row.id(2) as RepositoryID
      )
    }
    let ordered = rows.sorted { $0.position < $1.position }
    return Dictionary(grouping: ordered, by: \.of).mapValues { $0.map(\.id) }
  }

  private func connectionLists(
    in domain: DomainID
  ) throws(CatalogError) -> [RepositoryID: [ExternalConnection]] {
    let rows = try connection.rows(UpstreamStatements.connectionsOfDomain, [.id(domain)]) {
      row throws(CatalogError) in
      (of: try row.id(0) as RepositoryID, connection: try row.word(1) as ExternalConnection)
    }
    return Dictionary(grouping: rows, by: \.of).mapValues { $0.map(\.connection) }
  }

  /// Returns changes of a domain, living or deleted, from after `serial` on, oldest first.
  package func journal(
    of domain: DomainID,
    after serial: Int64 = 0,
    limit: Int
  ) throws(CatalogError) -> [JournalEntry] {
    try connection.rows(
      JournalStatements.page,
      [.id(domain), .integer(serial), .count(limit)],
      JournalEntry.init
    )
  }
}

extension DomainRecord {
  init(_ row: ResultRow) throws(CatalogError) {
    self.id = try row.id(0)
    self.owner = try row.text(1)
    self.name = try row.text(2)
    self.encryptionKey = try row.text(3)
    self.status = try row.word(4)
    self.createdAt = try row.time(5)
    self.serial = try row.integer(6)
    self.assetByteCount = try row.integer(7)
    self.repositoryCount = try row.integer(8)
  }
}

extension JournalEntry {
  init(_ row: ResultRow) throws(CatalogError) {
    self.domainID = try row.id(0)
    self.serial = try row.integer(1)
    self.kind = JournalKind(rawValue: try row.text(2))
    self.subject = try Subject(row)
    self.detail = try row.text(9)
    self.at = try row.time(10)
  }
}

extension JournalEntry.Subject {
  fileprivate init(_ row: ResultRow) throws(CatalogError) {
    self.repositoryID = try row.integerIfPresent(3).map { RepositoryID($0) }
    self.repository = try row.textIfPresent(4)
    self.version = try row.textIfPresent(8)
    if let name = try row.textIfPresent(7) {
      let namespace = try row.textIfPresent(6)
      self.package = PackageCoordinates(
        format: try row.word(5),
        namespace: namespace,
        name: name
      )
    } else {
      self.package = nil
    }
  }
}
