internal import Foundation

extension CatalogReading {
  /// Returns the account that came with the installation; nil in a catalog that was never set up.
  package func firstAccount() throws(CatalogError) -> AccountRecord? {
    try connection.row(IdentityStatements.firstAccount, [], AccountRecord.init)
  }

  package func accountRecord(_ id: String) throws(CatalogError) -> AccountRecord? {
    try connection.row(IdentityStatements.account, [.text(id)], AccountRecord.init)
  }

  package func accounts() throws(CatalogError) -> [AccountRecord] {
    try connection.rows(IdentityStatements.accounts, [], AccountRecord.init)
  }

  package func principal(_ id: PrincipalID) throws(CatalogError) -> PrincipalRecord? {
    try connection.row(IdentityStatements.principal, [.id(id)]) { row throws(CatalogError) in
      try PrincipalRecord(row)
    }
  }

  /// Returns the user or role with this full name.
  package func principal(arn: String) throws(CatalogError) -> PrincipalRecord? {
    let values = [SQLValue.text(arn)]
    return try connection.row(IdentityStatements.principalByARN, values) {
      row throws(CatalogError) in try PrincipalRecord(row)
    }
  }

  /// Returns the users or the roles of an account, in order of name.
  package func principals(
    _ kind: PrincipalRecord.Kind,
    of account: String
  ) throws(CatalogError) -> [PrincipalRecord] {
    let values: [SQLValue] = [.text(account), .text(kind.rawValue)]
    return try connection.rows(IdentityStatements.principals, values) { row throws(CatalogError) in
      try PrincipalRecord(row)
    }
  }

  /// Returns what a user or role may do, in order of name.
  package func policies(
    of principal: PrincipalID
  ) throws(CatalogError) -> [IdentityPolicyRecord] {
    try connection.rows(IdentityStatements.policies, [.id(principal)], IdentityPolicyRecord.init)
  }

  package func policy(
    _ name: String,
    of principal: PrincipalID
  ) throws(CatalogError) -> IdentityPolicyRecord? {
    let values: [SQLValue] = [.id(principal), .text(name)]
    return try connection.row(IdentityStatements.policy, values, IdentityPolicyRecord.init)
  }

  package func provider(
    _ issuer: String,
    of account: String
  ) throws(CatalogError) -> OIDCProviderRecord? {
    let values: [SQLValue] = [.text(account), .text(issuer)]
    return try connection.row(IdentityStatements.provider, values, OIDCProviderRecord.init)
  }

  /// Returns the providers that an account takes tokens of, in order of their addresses.
  package func providers(
    of account: String
  ) throws(CatalogError) -> [OIDCProviderRecord] {
    try connection.rows(IdentityStatements.providers, [.text(account)], OIDCProviderRecord.init)
  }
}

extension AccountRecord {
  init(_ row: ResultRow) throws(CatalogError) {
    self.id = try row.text(0)
    self.name = try row.text(1)
    self.isFirst = try row.flag(2)
    self.createdAt = try row.time(3)
  }
}

extension IdentityPolicyRecord {
  init(_ row: ResultRow) throws(CatalogError) {
    self.principalID = try row.id(0)
    self.name = try row.text(1)
    self.document = try row.textIfPresent(2)
    self.changedAt = try row.time(3)
  }
}

extension OIDCProviderRecord {
  init(_ row: ResultRow) throws(CatalogError) {
    self.account = try row.text(0)
    self.issuer = try row.text(1)
    self.audiences = try row.decoded(2)
    self.keyAddress = try row.textIfPresent(3)
    self.keySet = try row.textIfPresent(4)
    self.createdAt = try row.time(5)
  }
}

extension ResultRow {
  /// Reads a JSON object of strings.
  func stringsByName(_ index: Int) throws(CatalogError) -> [String: String] {
    // Nearly all are empty, and this is read for every caller that is not remembered.
    if try text(index) == "{}" { return [:] }
    return try decoded(index)
  }

  fileprivate func decoded<Value: Decodable>(_ index: Int) throws(CatalogError) -> Value {
    let text = try text(index)
    guard let value = try? JSONDecoder().decode(Value.self, from: Data(text.utf8)) else {
      throw damage(index, "JSON of \(Value.self)")
    }
    return value
  }
}
