extension CatalogTransaction {
  /// Creates a domain.
  ///
  /// The name must not be that of another living domain of its owner.
  package func createDomain(
    owner: String,
    name: String,
    encryptionKey: String,
    at time: Timestamp
  ) throws(CatalogError) -> DomainRecord {
    let id: DomainID = try connection.requiredRow(
      DomainStatements.insert,
      [.text(owner), .text(name), .text(encryptionKey), .time(time)]
    ) { row throws(CatalogError) in try row.id(0) }
    try createRootGroup(of: id, at: time)
    try journal(
      .domainCreated,
      in: id,
      detail: .object([("owner", .string(owner)), ("name", .string(name))]),
      at: time
    )
    return try connection.requiredRow(DomainStatements.byID, [.id(id)], DomainRecord.init)
  }

  /// Deletes a domain, which must have no living repository, with its tokens, package groups, tags,
  /// its policy and its key.
  ///
  /// Its row stays, without its name, because its journal does.
  package func deleteDomain(
    _ id: DomainID,
    at time: Timestamp
  ) throws(CatalogError) -> DomainRecord {
    try connection.run(AccessStatements.deleteTokensOfDomain, [.id(id)])
    try connection.run(PackageGroupStatements.deleteOfDomain, [.id(id)])
    try connection.run(TagStatements.deleteOfDomain, [.id(id)])
    try connection.run(PolicyStatements.deleteOfDomain, [.id(id)])
    try connection.run(KeyStatements.deleteOfDomain, [.id(id)])
    try journal(.domainDeleted, in: id, at: time)
    return try connection.requiredRow(
      DomainStatements.markDeleted,
      [.id(id)],
      DomainRecord.init
    )
  }
}
