package import Bytes

extension CatalogReading {
  /// Returns the first account there is; nil in a catalog that was never set up.
  package func firstAccount() throws(CatalogError) -> String? {
    try connection.row(AccessStatements.firstAccount, []) { row throws(CatalogError) in
      try row.text(0)
    }
  }

  /// Returns the principal with this full name.
  package func principal(arn: String) throws(CatalogError) -> PrincipalRecord? {
    try connection.row(AccessStatements.principalByARN, [.text(arn)]) { row throws(CatalogError) in
      try PrincipalRecord(row)
    }
  }

  /// Returns the first account's first administrator with the oldest key that may sign; nil in a
  /// catalog that was never set up.
  package func firstAdministrator() throws(CatalogError) -> (
    key: AccessKeyRecord, principal: PrincipalRecord
  )? {
    guard let account = try firstAccount() else { return nil }
    let principal = try connection.row(
      AccessStatements.firstAdministrator,
      [.text(account)]
    ) { row throws(CatalogError) in try PrincipalRecord(row) }
    guard let principal else { return nil }
    let key = try connection.row(
      AccessStatements.oldestKey,
      [.id(principal.id)],
      AccessKeyRecord.init
    )
    return key.map { ($0, principal) }
  }

  /// Returns an access key, active or not, and whose it is.
  package func accessKey(
    _ id: String
  ) throws(CatalogError) -> (key: AccessKeyRecord, principal: PrincipalRecord)? {
    try connection.row(AccessStatements.accessKey, [.text(id)]) { row throws(CatalogError) in
      (try AccessKeyRecord(row), try PrincipalRecord(row, from: AccessKeyRecord.columnCount))
    }
  }

  /// Returns the token with this digest, expired or not, and whose it is.
  package func token(
    _ digest: SHA256Digest
  ) throws(CatalogError) -> (token: TokenRecord, principal: PrincipalRecord)? {
    let key = SQLValue.bytes(digest.bytes)
    return try connection.row(AccessStatements.token, [key]) { row throws(CatalogError) in
      (try TokenRecord(row), try PrincipalRecord(row, from: TokenRecord.columnCount))
    }
  }
}

extension PrincipalRecord {
  /// Reads the columns that begin at `start`.
  init(_ row: ResultRow, from start: Int = 0) throws(CatalogError) {
    self.id = try row.id(start)
    self.account = try row.text(start + 1)
    self.name = try row.text(start + 2)
    self.arn = try row.text(start + 3)
    self.isAdministrator = try row.flag(start + 4)
    self.createdAt = try row.time(start + 5)
  }
}

extension AccessKeyRecord {
  static let columnCount = 5

  init(_ row: ResultRow) throws(CatalogError) {
    self.id = try row.text(0)
    self.principalID = try row.id(1)
    self.sealedSecret = try row.bytes(2)
    self.status = try row.word(3)
    self.createdAt = try row.time(4)
  }
}

extension TokenRecord {
  static let columnCount = 5

  init(_ row: ResultRow) throws(CatalogError) {
    self.digest = try row.digest(0)
    self.principalID = try row.id(1)
    self.domainID = try row.id(2)
    self.createdAt = try row.time(3)
    self.expiresAt = try row.time(4)
  }
}
