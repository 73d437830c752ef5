package import Bytes

/// Accounts, principals and keys belong to no domain, so these changes are in no journal.
extension CatalogTransaction {
  package func createAccount(_ id: String, at time: Timestamp) throws(CatalogError) {
    try connection.run(AccessStatements.insertAccount, [.text(id), .time(time)])
  }

  package func createPrincipal(
    account: String,
    name: String,
    arn: String,
    isAdministrator: Bool,
    at time: Timestamp
  ) throws(CatalogError) -> PrincipalRecord {
    try connection.requiredRow(
      AccessStatements.insertPrincipal,
      [
        .text(account), .text(name), .text(arn), .integer(isAdministrator ? 1 : 0), .time(time),
      ]
    ) { row throws(CatalogError) in try PrincipalRecord(row) }
  }

  package func createAccessKey(
    _ id: String,
    of principal: PrincipalID,
    sealedSecret: [UInt8],
    at time: Timestamp
  ) throws(CatalogError) -> AccessKeyRecord {
    try connection.requiredRow(
      AccessStatements.insertAccessKey,
      [
        .text(id), .id(principal), .bytes(sealedSecret),
        .text(AccessKeyRecord.Status.active.rawValue), .time(time),
      ],
      AccessKeyRecord.init
    )
  }

  /// Returns whether there is such a key.
  @discardableResult
  package func setStatus(
    _ status: AccessKeyRecord.Status,
    ofAccessKey id: String
  ) throws(CatalogError) -> Bool {
    let values: [SQLValue] = [.text(status.rawValue), .text(id)]
    return try connection.run(AccessStatements.setAccessKeyStatus, values) > 0
  }

  package func createToken(
    _ digest: SHA256Digest,
    of principal: PrincipalID,
    for domain: DomainID,
    at time: Timestamp,
    expiresAt expiry: Timestamp
  ) throws(CatalogError) {
    try connection.run(
      AccessStatements.insertToken,
      [.bytes(digest.bytes), .id(principal), .id(domain), .time(time), .time(expiry)]
    )
  }

  /// Returns whether there was such a token.
  @discardableResult
  package func deleteToken(_ digest: SHA256Digest) throws(CatalogError) -> Bool {
    try connection.run(AccessStatements.deleteToken, [.bytes(digest.bytes)]) > 0
  }

  /// Removes tokens that expired by `time`, at most `limit`, and returns how many.
  @discardableResult
  package func deleteExpiredTokens(
    at time: Timestamp,
    limit: Int
  ) throws(CatalogError) -> Int {
    try connection.run(AccessStatements.deleteExpiredTokens, [.time(time), .count(limit)])
  }
}
