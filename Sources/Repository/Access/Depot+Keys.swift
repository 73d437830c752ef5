package import Access
package import Catalog

extension Depot {
  /// Makes an access key of a user: the only time that its secret is seen.
  ///
  /// - Throws: ``RepositoryError``: `quotaExceeded` when the user has two, `notFound`.
  package func createAccessKey(of arn: String) async throws(RepositoryError) -> AccessKey {
    let key = AccessKey(random: RandomBytes.make(AccessKey.randomByteCount))
    let sealed = try seal(key)
    let now = clock.now()
    try await write { transaction in
      let user = try transaction.requirePrincipal(arn)
      guard user.kind == .user else {
        throw RepositoryError.refused("\(arn) is a role; a role has no keys, it is taken on.")
      }
      guard try transaction.accessKeys(of: user.id).count < IdentityRules.keysPerUser else {
        throw RepositoryError(
          .quotaExceeded,
          "\(arn) has the \(IdentityRules.keysPerUser) keys it may have; delete one first."
        )
      }
      _ = try transaction.createAccessKey(key.id, of: user.id, sealedSecret: sealed, at: now)
    }
    return key
  }

  package func accessKeys(of arn: String) async throws(RepositoryError) -> [AccessKeyRecord] {
    try await read { snapshot in
      try snapshot.accessKeys(of: snapshot.requirePrincipal(arn).id)
    }
  }

  /// Returns whose an access key is, active or not; nil for one that nobody has.
  package func owner(ofAccessKey id: String) async throws(RepositoryError) -> PrincipalRecord? {
    try await read { snapshot in try snapshot.accessKey(id)?.principal }
  }

  /// Lets an access key sign, or no longer; what came by it follows.
  ///
  /// Returns whether there is such a key.
  @discardableResult
  package func setStatus(
    _ status: AccessKeyRecord.Status,
    ofAccessKey id: String
  ) async throws(RepositoryError) -> Bool {
    try await changeIdentities { transaction in
      try transaction.setStatus(status, ofAccessKey: id)
    }
  }

  /// Removes an access key and the tokens that came by it; returns whether there was one.
  @discardableResult
  package func deleteAccessKey(_ id: String) async throws(RepositoryError) -> Bool {
    try await changeIdentities { transaction in try transaction.deleteAccessKey(id) }
  }
}
