package import Bytes

extension CatalogReading {
  /// Returns an administrator of the first account with the oldest key that may sign; nil in a
  /// catalog that was never set up, and in one where nobody could.
  package func firstAdministrator() throws(CatalogError) -> (
    key: AccessKeyRecord, principal: PrincipalRecord
  )? {
    try connection.row(AccessStatements.firstAdministrator, []) { row throws(CatalogError) in
      (try AccessKeyRecord(row), try PrincipalRecord(row, from: AccessKeyRecord.columnCount))
    }
  }

  /// Returns the administrators of the first account that have a key that may sign.
  package func administrators() throws(CatalogError) -> [PrincipalRecord] {
    try connection.rows(AccessStatements.administrators, []) { row throws(CatalogError) in
      try PrincipalRecord(row)
    }
  }

  /// Returns an access key, active or not, and whose it is.
  package func accessKey(
    _ id: String
  ) throws(CatalogError) -> (key: AccessKeyRecord, principal: PrincipalRecord)? {
    try connection.row(AccessStatements.accessKey, [.text(id)]) { row throws(CatalogError) in
      (try AccessKeyRecord(row), try PrincipalRecord(row, from: AccessKeyRecord.columnCount))
    }
  }

  /// Returns the access keys of a user, oldest first.
  package func accessKeys(
    of principal: PrincipalID
  ) throws(CatalogError) -> [AccessKeyRecord] {
    try connection.rows(AccessStatements.accessKeys, [.id(principal)], AccessKeyRecord.init)
  }

  /// Returns the token with this digest, expired or not, and whose it is; nil as well when the key
  /// that it came by may not sign.
  package func token(
    _ digest: SHA256Digest
  ) throws(CatalogError) -> (token: TokenRecord, principal: PrincipalRecord)? {
    let key = SQLValue.bytes(digest.bytes)
    return try connection.row(AccessStatements.token, [key]) { row throws(CatalogError) in
      (try TokenRecord(row), try PrincipalRecord(row, from: TokenRecord.columnCount))
    }
  }

  /// Returns tokens that `selection` means and that have not expired by `time`, oldest first, at
  /// most `limit`.
  package func tokens(
    _ selection: TokenSelection,
    at time: Timestamp,
    limit: Int
  ) throws(CatalogError) -> [ListedToken] {
    let (statement, key) =
      switch selection {
      case .account(let id): (AccessStatements.tokensOfAccount, SQLValue.text(id))
      case .domain(let id): (AccessStatements.tokensOfDomain, SQLValue.id(id))
      case .principal(let id): (AccessStatements.tokensOfPrincipal, SQLValue.id(id))
      }
    let values = [key, .time(time), .count(limit)]
    return try connection.rows(statement, values) { row throws(CatalogError) in
      let start = TokenRecord.columnCount
      return ListedToken(
        token: try TokenRecord(row),
        principal: try row.text(start),
        domain: try row.text(start + 1),
        domainOwner: try row.text(start + 2)
      )
    }
  }
}

/// Which tokens are meant.
package enum TokenSelection: Hashable, Sendable {
  /// Those of the users and roles of an account.
  case account(String)
  case domain(DomainID)
  case principal(PrincipalID)
}

extension PrincipalRecord {
  /// Reads the columns that begin at `start`.
  init(_ row: ResultRow, from start: Int = 0) throws(CatalogError) {
    self.id = try row.id(start)
    self.account = try row.text(start + 1)
    self.kind = try row.word(start + 2)
    self.name = try row.text(start + 3)
    self.arn = try row.text(start + 4)
    self.uniqueID = try row.text(start + 5)
    self.isAdministrator = try row.flag(start + 6)
    self.createdAt = try row.time(start + 7)
    self.tags = try row.stringsByName(start + 8)
    self.trustPolicy = try row.textIfPresent(start + 9)
    self.longestSession = try row.integer(start + 10)
    self.sessionsSince = try row.time(start + 11)
  }
}

extension AccessKeyRecord {
  static let columnCount = 7

  init(_ row: ResultRow) throws(CatalogError) {
    self.id = try row.text(0)
    self.principalID = try row.id(1)
    self.sealedSecret = try row.bytes(2)
    self.status = try row.word(3)
    self.createdAt = try row.time(4)
    self.lastUsedAt = try row.integerIfPresent(5).map(Timestamp.init(microseconds:))
    self.lastUsedService = try row.textIfPresent(6)
  }
}

extension TokenRecord {
  static let columnCount = 7

  init(_ row: ResultRow) throws(CatalogError) {
    self.digest = try row.digest(0)
    self.principalID = try row.id(1)
    self.domainID = try row.id(2)
    self.createdAt = try row.time(3)
    self.expiresAt = try row.time(4)
    self.accessKeyID = try row.textIfPresent(5)
    self.session = try row.textIfPresent(6)
  }
}
