package import Access
package import Catalog

/// A user that was just made with its first key.
package struct NewAdministrator: Hashable, Sendable {
  package let account: AccountRecord
  package let user: PrincipalRecord
  package let key: AccessKey
}

extension Depot {
  /// Changes something that callers are known by, then forgets all that is known of them: the very
  /// next request is judged by what holds now.
  func changeIdentities<Value: Sendable>(
    _ body: @escaping @Sendable (CatalogTransaction) throws -> Value
  ) async throws(RepositoryError) -> Value {
    let value = try await write { transaction in
      let hadAdministrator = try transaction.hasAbleAdministrator()
      let value = try body(transaction)
      if hadAdministrator, try !transaction.hasAbleAdministrator() {
        throw RepositoryError(
          .conflict,
          "That would leave the first account without an administrator who can sign and change "
            + "what others may do; make another administrator or key first."
        )
      }
      return value
    }
    credentials.forgetAll()
    return value
  }

  /// Makes an account with an administrator and a key.
  ///
  /// - Parameters:
  ///   - id: twelve digits; nil has them drawn at random.
  ///   - name: what people call it.
  /// - Returns: the account, and the only sight of the key's secret.
  /// - Throws: ``RepositoryError``: `conflict` when there is one, `validation`.
  package func createAccount(
    _ id: String?,
    name: String
  ) async throws(RepositoryError) -> NewAdministrator {
    let id = id ?? Self.randomAccount()
    guard id.utf8.count == 12, id.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw .refused("An account is twelve digits, not '\(id.prefix(200))'.")
    }
    if !name.isEmpty { try IdentityRules.checkName(name, "An account's name", upTo: 50) }
    let now = clock.now()
    let key = AccessKey(random: RandomBytes.make(AccessKey.randomByteCount))
    let sealed = try seal(key)
    return try await changeIdentities { transaction in
      guard try transaction.accountRecord(id) == nil else {
        throw RepositoryError(.conflict, "There is an account \(id) already.")
      }
      let account = try transaction.createAccount(id, name: name, at: now)
      let user = try transaction.createPrincipal(
        .user("administrator", account: id, isAdministrator: true),
        at: now
      )
      _ = try transaction.createAccessKey(key.id, of: user.id, sealedSecret: sealed, at: now)
      return NewAdministrator(account: account, user: user, key: key)
    }
  }

  package func accounts() async throws(RepositoryError) -> [AccountRecord] {
    try await read { snapshot in try snapshot.accounts() }
  }

  /// Whether an account is the one that came with the installation.
  package func isFirst(_ account: String) async throws(RepositoryError) -> Bool {
    try await read { snapshot in try snapshot.accountRecord(account)?.isFirst == true }
  }

  /// Makes a user, without any right yet unless it is an administrator.
  package func createUser(
    _ name: String,
    account: String,
    isAdministrator: Bool = false,
    tags: [String: String] = [:]
  ) async throws(RepositoryError) -> PrincipalRecord {
    try IdentityRules.checkName(name, "A user's name", upTo: 64)
    try IdentityRules.checkTags(tags)
    let new = NewPrincipal.user(
      name,
      account: account,
      isAdministrator: isAdministrator,
      tags: tags
    )
    return try await create(new)
  }

  /// Makes a role, without any right yet.
  ///
  /// - Parameters:
  ///   - name: unique among the account's roles.
  ///   - account: whose it is.
  ///   - trustPolicy: says who may take it on.
  ///   - longestSession: in seconds.
  ///   - tags: principal tags of all its sessions.
  /// - Returns: the role.
  /// - Throws: ``RepositoryError``: `validation`, with the place of a fault in the policy;
  ///   `conflict` when there is one of this name, `notFound` for the account.
  package func createRole(
    _ name: String,
    account: String,
    trustPolicy: String,
    longestSession: Int64 = 3600,
    tags: [String: String] = [:]
  ) async throws(RepositoryError) -> PrincipalRecord {
    try IdentityRules.checkName(name, "A role's name", upTo: 64)
    try IdentityRules.checkTags(tags)
    try IdentityRules.check(trustPolicy, .trust)
    guard IdentityRules.sessionLengths.contains(longestSession) else {
      throw .refused("A role's longest session has 3600 to 43200 seconds, not \(longestSession).")
    }
    return try await create(
      .role(
        name,
        account: account,
        trustPolicy: trustPolicy,
        longestSession: longestSession,
        tags: tags
      )
    )
  }

  private func create(_ new: NewPrincipal) async throws(RepositoryError) -> PrincipalRecord {
    let now = clock.now()
    return try await changeIdentities { transaction in
      guard try transaction.accountRecord(new.account) != nil else {
        throw RepositoryError(.notFound, "There is no account \(new.account).")
      }
      guard try transaction.principal(arn: new.arn) == nil else {
        throw RepositoryError(.conflict, "There is \(new.arn) already.")
      }
      return try transaction.createPrincipal(new, at: now)
    }
  }

  package func principals(
    _ kind: PrincipalRecord.Kind,
    of account: String
  ) async throws(RepositoryError) -> [PrincipalRecord] {
    try await read { snapshot in try snapshot.principals(kind, of: account) }
  }

  /// Returns the user or role with this full name; nil when there is none.
  package func principal(arn: String) async throws(RepositoryError) -> PrincipalRecord? {
    try await read { snapshot in try snapshot.principal(arn: arn) }
  }

  /// Returns a role.
  ///
  /// - Throws: `notFound` when there is none of this full name, `validation` for a user's.
  package func role(_ arn: String) async throws(RepositoryError) -> PrincipalRecord {
    try await read { snapshot in
      let role = try snapshot.requirePrincipal(arn)
      guard role.kind == .role else { throw RepositoryError.refused("\(arn) is a user.") }
      return role
    }
  }

  /// Removes a user or role with its keys, policies, sessions and tokens, all at once.
  package func deletePrincipal(_ arn: String) async throws(RepositoryError) {
    try await changeIdentities { transaction in
      try transaction.deletePrincipal(transaction.requirePrincipal(arn).id)
    }
  }

  /// Says anew who may take on a role.
  package func setTrustPolicy(
    _ document: String,
    of arn: String
  ) async throws(RepositoryError) {
    try IdentityRules.check(document, .trust)
    try await changeIdentities { transaction in
      let role = try transaction.requirePrincipal(arn)
      guard role.kind == .role else {
        throw RepositoryError.refused("\(arn) is a user; only a role has a trust policy.")
      }
      try transaction.setTrustPolicy(document, of: role.id)
    }
  }
}

extension CatalogReading {
  /// Whether an administrator of the first account can sign, and is not denied to take away a
  /// policy of its own: what nobody could mend is not done.
  fileprivate func hasAbleAdministrator() throws -> Bool {
    try administrators().contains { record in
      let request = AccessRequest(
        principal: Principal(record),
        action: "iam:DeleteUserPolicy",
        resources: [record.arn]
      )
      return try !policies(of: record.id).contains { policy in
        guard let document = try? Depot.document(of: policy) else { return true }
        return document.alwaysDenies(request)
      }
    }
  }

  func requirePrincipal(_ arn: String) throws -> PrincipalRecord {
    guard let record = try principal(arn: arn) else {
      throw RepositoryError(.notFound, "There is no \(arn).")
    }
    return record
  }
}
