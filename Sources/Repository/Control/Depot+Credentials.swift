package import Access
internal import Bytes
package import Catalog

/// Who a token speaks for, and for which domain.
package struct TokenHolder: Hashable, Sendable {
  package let principal: Principal
  package let domainID: DomainID
  /// The account that owns the domain.
  package let domainOwner: String
  package let domain: String
  package let expiresAt: Timestamp
}

/// Who signs with an access key, and with what.
package struct RequestSignerIdentity: Hashable, Sendable {
  package let principal: Principal
  /// The key with its secret.
  package let key: AccessKey
}

/// A token that was just made: the only time that its text is seen.
package struct IssuedToken: Hashable, Sendable {
  package let text: String
  package let expiresAt: Timestamp
}

/// The first administrator of an installation.
package struct FirstCredentials: Hashable, Sendable {
  package let identity: RequestSignerIdentity
  /// Whether they were made by this call.
  package let areNew: Bool
}

extension Depot {
  /// Makes the first account, its administrator and an access key, where there is no account yet,
  /// and returns the administrator's credentials in either case.
  ///
  /// - Parameter account: twelve digits; nil has them drawn at random.
  /// - Returns: the credentials, and whether they are new.
  /// - Throws: ``RepositoryError`` with `internalFailure` when the master key is not the catalog's.
  package func bootstrap(
    account: String? = nil
  ) async throws(RepositoryError) -> FirstCredentials {
    let now = clock.now()
    let fresh = AccessKey(random: RandomBytes.make(AccessKey.randomByteCount))
    let sealed = try seal(fresh)
    let newAccount = account ?? Self.randomAccount()
    let found = try await write { transaction -> (AccessKeyRecord, PrincipalRecord, Bool) in
      if let known = try transaction.firstAdministrator() {
        return (known.key, known.principal, false)
      }
      guard try transaction.firstAccount() == nil else {
        throw RepositoryError(
          .internalFailure,
          "No administrator of the first account has an active key; restore a backup of the "
            + "catalog."
        )
      }
      try transaction.createAccount(newAccount, isFirst: true, at: now)
      let administrator = NewPrincipal.user(
        "administrator",
        account: newAccount,
        isAdministrator: true
      )
      let principal = try transaction.createPrincipal(administrator, at: now)
      let key = try transaction.createAccessKey(
        fresh.id,
        of: principal.id,
        sealedSecret: sealed,
        at: now
      )
      return (key, principal, true)
    }
    return FirstCredentials(
      identity: try identity(of: found.0, found.1),
      areNew: found.2
    )
  }

  /// Returns whose an access key is, with its secret opened; nil for one that is unknown or
  /// inactive.
  ///
  /// A key that was used lately is answered from memory.
  package func signer(
    accessKeyID: String
  ) async throws(RepositoryError) -> RequestSignerIdentity? {
    if let known = credentials.key(accessKeyID) { return known }
    let generation = credentials.generation
    let found = try await read { snapshot in try snapshot.accessKey(accessKeyID) }
    guard let found, found.key.status == .active else { return nil }
    let identity = try identity(of: found.key, found.principal)
    credentials.remember(identity, since: generation)
    return identity
  }

  func seal(_ key: AccessKey) throws(RepositoryError) -> [UInt8] {
    do {
      let nonce = RandomBytes.make(SecretSealer.nonceByteCount)
      return try keys.sealer.seal(key.secret, nonce: nonce, context: key.id)
    } catch {
      throw RepositoryError(
        .internalFailure,
        "The secret of a new access key could not be sealed: \(error)",
        cause: error
      )
    }
  }

  private func identity(
    of key: AccessKeyRecord,
    _ principal: PrincipalRecord
  ) throws(RepositoryError) -> RequestSignerIdentity {
    do {
      let secret = try keys.sealer.open(key.sealedSecret, context: key.id)
      return RequestSignerIdentity(
        principal: Principal(principal, key: key.id),
        key: AccessKey(id: key.id, secret: secret)
      )
    } catch {
      throw RepositoryError(
        .internalFailure,
        "The secret of access key \(key.id) does not open (\(error)); "
          + "restore the master key that belongs to this catalog.",
        cause: error
      )
    }
  }

  /// Twelve digits, the first not zero, because some tools read an account as a number.
  static func randomAccount() -> String {
    String(UInt64.random(in: 100_000_000_000...999_999_999_999))
  }
}
