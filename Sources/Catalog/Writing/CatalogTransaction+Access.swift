package import Bytes

/// Keys and tokens belong to no domain's history, so these changes are in no journal.
extension CatalogTransaction {
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

  /// Notes when a key was last used, and for which service.
  package func noteUse(
    ofAccessKey id: String,
    of service: String,
    at time: Timestamp
  ) throws(CatalogError) {
    try connection.run(AccessStatements.noteUse, [.time(time), .text(service), .text(id)])
  }

  /// Removes a key and the tokens that came by it; returns whether there was one.
  @discardableResult
  package func deleteAccessKey(_ id: String) throws(CatalogError) -> Bool {
    try connection.run(AccessStatements.deleteAccessKey, [.text(id)]) > 0
  }

  /// Keeps a token.
  ///
  /// - Parameters:
  ///   - digest: what it is known by.
  ///   - principal: the user or role it speaks for.
  ///   - domain: the one domain it is good for.
  ///   - time: now.
  ///   - expiry: when it ends.
  ///   - key: the key that it came by, without which it is good for nothing.
  ///   - session: the session that asked for it, in the words of the repository layer.
  /// - Throws: ``CatalogError``.
  package func createToken(
    _ digest: SHA256Digest,
    of principal: PrincipalID,
    for domain: DomainID,
    at time: Timestamp,
    expiresAt expiry: Timestamp,
    key: String? = nil,
    session: String? = nil
  ) throws(CatalogError) {
    try connection.run(
      AccessStatements.insertToken,
      [
        .bytes(digest.bytes), .id(principal), .id(domain), .time(time), .time(expiry),
        .text(key), .text(session),
      ]
    )
  }

  /// Returns whether there was such a token.
  @discardableResult
  package func deleteToken(_ digest: SHA256Digest) throws(CatalogError) -> Bool {
    try connection.run(AccessStatements.deleteToken, [.bytes(digest.bytes)]) > 0
  }

  /// Removes the tokens of a user or role, and returns how many there were.
  @discardableResult
  package func deleteTokens(of principal: PrincipalID) throws(CatalogError) -> Int {
    try connection.run(AccessStatements.deleteTokensOfPrincipal, [.id(principal)])
  }

  /// Removes the tokens of a domain, and returns how many there were.
  @discardableResult
  package func deleteTokens(of domain: DomainID) throws(CatalogError) -> Int {
    try connection.run(AccessStatements.deleteTokensOfDomain, [.id(domain)])
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
