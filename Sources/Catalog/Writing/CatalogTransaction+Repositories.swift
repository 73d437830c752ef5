extension CatalogTransaction {
  /// Creates a repository of a domain.
  ///
  /// The name must not be that of another living one.
  package func createRepository(
    in domain: DomainID,
    name: String,
    administrator: String,
    description: String?,
    upstreams: [RepositoryID],
    at time: Timestamp
  ) throws(CatalogError) -> RepositoryRecord {
    let id: RepositoryID = try connection.requiredRow(
      RepositoryStatements.insert,
      [.id(domain), .text(name), .text(administrator), .text(description), .time(time)]
    ) { row throws(CatalogError) in try row.id(0) }
    try insertUpstreams(upstreams, of: id)
    try connection.run(DomainStatements.addRepositories, [.integer(1), .id(domain)])
    let repository = try reread(id)
    try journal(.repositoryCreated, of: repository, detail: summary(of: repository), at: time)
    return try reread(id)
  }

  /// Changes what of a repository can change.
  ///
  /// - Parameters:
  ///   - repository: which one.
  ///   - description: the new one; nil leaves the old one.
  ///   - upstreams: the whole new list, in priority order; nil leaves the old one.
  ///   - time: when it was asked for.
  /// - Returns: the repository as it is now.
  /// - Throws: ``CatalogError``; then nothing is kept.
  package func updateRepository(
    _ repository: RepositoryRecord,
    description: String?,
    upstreams: [RepositoryID]?,
    at time: Timestamp
  ) throws(CatalogError) -> RepositoryRecord {
    if let description {
      try connection.run(
        RepositoryStatements.setDescription,
        [.text(description), .id(repository.id)]
      )
    }
    if let upstreams {
      try connection.run(UpstreamStatements.clear, [.id(repository.id)])
      try insertUpstreams(upstreams, of: repository.id)
    }
    let updated = try reread(repository.id)
    try journal(.repositoryUpdated, of: updated, detail: summary(of: updated), at: time)
    return try reread(repository.id)
  }

  /// Replaces what an administrator set for a repository; settings that are the same write nothing.
  package func changeSettings(
    of repository: RepositoryRecord,
    to settings: RepositorySettings,
    at time: Timestamp
  ) throws(CatalogError) {
    guard try self.settings(of: repository.id) != settings else { return }
    let json = settings.json
    try connection.run(
      RepositoryStatements.setSettings,
      [.text(json.text), .id(repository.id)]
    )
    try journal(
      .repositoryUpdated,
      of: repository,
      detail: .object([("settings", json)]),
      at: time
    )
  }

  /// Deletes a repository: it is gone at once, for those below it as well, and its name is free.
  ///
  /// Its packages are cleared away afterwards, by ``clearDeleted(limit:)``.
  package func deleteRepository(
    _ repository: RepositoryRecord,
    at time: Timestamp
  ) throws(CatalogError) {
    try connection.run(UpstreamStatements.clear, [.id(repository.id)])
    try connection.run(UpstreamStatements.clearDownstreams, [.id(repository.id)])
    try connection.run(UpstreamStatements.deleteConnection, [.id(repository.id)])
    try connection.run(PackageGroupStatements.forgetRepository, [.id(repository.id)])
    try dropTags(of: .repository(repository.id), in: repository.domainID)
    try connection.run(PolicyStatements.deleteOfRepository, [.id(repository.id)])
    try journal(.repositoryDeleted, of: repository, at: time)
    try connection.run(RepositoryStatements.markDeleted, [.time(time), .id(repository.id)])
    try connection.run(
      DomainStatements.addRepositories,
      [.integer(-1), .id(repository.domainID)]
    )
  }

  /// Connects a repository, which must have no connection, to a public registry.
  package func associate(
    _ external: ExternalConnection,
    with repository: RepositoryRecord,
    at time: Timestamp
  ) throws(CatalogError) -> RepositoryRecord {
    try connection.run(
      UpstreamStatements.insertConnection,
      [.id(repository.id), .text(external.rawValue)]
    )
    try journal(
      .connectionAssociated,
      of: repository,
      detail: .object([("connection", .string(external.rawValue))]),
      at: time
    )
    return try reread(repository.id)
  }

  /// Takes a repository's external connection away.
  ///
  /// What was stored through it stays.
  package func disassociate(
    _ external: ExternalConnection,
    from repository: RepositoryRecord,
    at time: Timestamp
  ) throws(CatalogError) -> RepositoryRecord {
    try connection.run(UpstreamStatements.deleteConnection, [.id(repository.id)])
    try journal(
      .connectionDisassociated,
      of: repository,
      detail: .object([("connection", .string(external.rawValue))]),
      at: time
    )
    return try reread(repository.id)
  }

  private func insertUpstreams(
    _ upstreams: [RepositoryID],
    of repository: RepositoryID
  ) throws(CatalogError) {
    for (position, upstream) in upstreams.enumerated() {
      try connection.run(
        UpstreamStatements.insert,
        [.id(repository), .count(position), .id(upstream)]
      )
    }
  }

  private func reread(_ id: RepositoryID) throws(CatalogError) -> RepositoryRecord {
    try connection.requiredRow(RepositoryStatements.byID, [.id(id)], RepositoryRecord.init)
  }

  private func summary(of repository: RepositoryRecord) throws(CatalogError) -> JSONText {
    let upstreams = try upstreams(of: repository.id).map { JSONText.string($0.name) }
    return .object([
      ("administrator", .string(repository.administrator)),
      ("description", .optional(repository.description)), ("upstreams", .array(upstreams)),
    ])
  }
}
