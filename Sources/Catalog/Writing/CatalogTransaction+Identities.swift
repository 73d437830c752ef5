/// Accounts, users, roles and their rights belong to no domain, so these changes are in no journal.
extension CatalogTransaction {
  /// Makes an account of twelve digits; at most one is the first, that of the installation.
  @discardableResult
  package func createAccount(
    _ id: String,
    name: String = "",
    isFirst: Bool = false,
    at time: Timestamp
  ) throws(CatalogError) -> AccountRecord {
    let values: [SQLValue] = [.text(id), .text(name), .integer(isFirst ? 1 : 0), .time(time)]
    try connection.run(IdentityStatements.insertAccount, values)
    return AccountRecord(id: id, name: name, isFirst: isFirst, createdAt: time)
  }

  @discardableResult
  package func createPrincipal(
    _ new: NewPrincipal,
    at time: Timestamp
  ) throws(CatalogError) -> PrincipalRecord {
    let tags = new.tags.sorted { $0.key < $1.key }.map { (key: $0, value: JSONText.string($1)) }
    return try connection.requiredRow(
      IdentityStatements.insertPrincipal,
      [
        .text(new.account), .text(new.kind.rawValue), .text(new.name), .text(new.arn),
        .text(new.uniqueID), .integer(new.isAdministrator ? 1 : 0), .time(time),
        .text(JSONText.object(tags).text), .text(new.trustPolicy), .integer(new.longestSession),
      ]
    ) { row throws(CatalogError) in try PrincipalRecord(row) }
  }

  package func setTrustPolicy(
    _ document: String,
    of role: PrincipalID
  ) throws(CatalogError) {
    try connection.run(IdentityStatements.setTrustPolicy, [.text(document), .id(role)])
  }

  /// Makes all temporary credentials that were made by `time` good for nothing.
  package func endSessions(of principal: PrincipalID, at time: Timestamp) throws(CatalogError) {
    try connection.run(IdentityStatements.endSessions, [.time(time), .id(principal)])
  }

  /// Removes a user or role with its keys, policies and tokens.
  package func deletePrincipal(_ id: PrincipalID) throws(CatalogError) {
    try connection.run(IdentityStatements.deletePrincipal, [.id(id)])
  }

  /// Gives a user or role a policy, in place of one of the same name; without a document it is the
  /// built-in policy of that name.
  package func putPolicy(
    _ name: String,
    document: String?,
    of principal: PrincipalID,
    at time: Timestamp
  ) throws(CatalogError) {
    try connection.run(
      IdentityStatements.putPolicy,
      [.id(principal), .text(name), .text(document), .time(time)]
    )
  }

  /// Returns whether there was such a policy.
  package func deletePolicy(
    _ name: String,
    of principal: PrincipalID
  ) throws(CatalogError) -> Bool {
    try connection.run(IdentityStatements.deletePolicy, [.id(principal), .text(name)]) > 0
  }

  package func createProvider(_ provider: OIDCProviderRecord) throws(CatalogError) {
    try connection.run(
      IdentityStatements.insertProvider,
      [
        .text(provider.account), .text(provider.issuer),
        .text(JSONText.array(provider.audiences.map(JSONText.string)).text),
        .text(provider.keyAddress), .text(provider.keySet), .time(provider.createdAt),
      ]
    )
  }

  /// Returns whether there was such a provider.
  package func deleteProvider(
    _ issuer: String,
    of account: String
  ) throws(CatalogError) -> Bool {
    try connection.run(IdentityStatements.deleteProvider, [.text(account), .text(issuer)]) > 0
  }
}
