package import Access
internal import Bytes
package import Catalog

/// Temporary credentials that were just made: the only time that they are seen.
package struct IssuedSession: Hashable, Sendable {
  package let key: AccessKey
  package let principal: Principal
  /// In seconds since 1970.
  package let expiresAt: Int64
  /// How much of the room for policy and tags the session takes, in percent.
  package let packedPercentage: Int
}

/// What a session is to be.
package struct SessionWish: Hashable, Sendable {
  /// What a role's session is called; nil for a user's.
  package var name: String?
  /// In seconds.
  package var duration: Int64
  /// The text of a policy that narrows the session.
  package var policy: String?
  package var tags: [String: String] = [:]
  /// The full name of the provider that vouched for the caller.
  package var provider: String?
  /// The long-lived key that is asked with, at the beginning of a chain of roles too: the session
  /// is good no longer than the key is.
  package var parentKeyID: String?

  package init(name: String?, duration: Int64) {
    self.name = name
    self.duration = duration
  }
}

extension Depot {
  /// How many bytes a session's policy and tags may take together.
  private static let packedByteLimit = 4096

  /// Makes temporary credentials of a user or role.
  ///
  /// Nothing is written: all that is to be known is sealed in the session token. Whether the caller
  /// may have them was judged before.
  ///
  /// - Throws: ``RepositoryError`` with `quotaExceeded` when policy and tags are too large
  ///   together.
  package func issueSession(
    of record: PrincipalRecord,
    _ wish: SessionWish
  ) throws(RepositoryError) -> IssuedSession {
    let now = clock.now()
    let name = UniqueName(.temporaryKey, random: RandomBytes.make(UniqueName.randomByteCount)).text
    let claims = SessionClaims(
      keyID: name,
      principal: record.id,
      name: wish.name,
      issuedAt: now,
      expiresAt: now.microseconds / 1_000_000 + wish.duration,
      policy: wish.policy,
      tags: wish.tags,
      provider: wish.provider,
      parentKeyID: wish.parentKeyID
    )
    let packed = wish.tags.reduce(wish.policy?.utf8.count ?? 0) {
      $0 + $1.key.utf8.count + $1.value.utf8.count
    }
    guard packed <= Self.packedByteLimit else {
      throw RepositoryError(
        .quotaExceeded,
        "The session's policy and tags take \(packed) bytes; they may take "
          + "\(Self.packedByteLimit) together."
      )
    }
    return IssuedSession(
      key: AccessKey(
        id: name,
        secret: keys.sessionSecret(of: name),
        sessionToken: try seal(claims)
      ),
      principal: Principal(record, in: claims),
      expiresAt: claims.expiresAt,
      packedPercentage: packed * 100 / Self.packedByteLimit
    )
  }

  private static let sessionContext = "session"

  private func seal(_ claims: SessionClaims) throws(RepositoryError) -> String {
    do {
      let nonce = RandomBytes.make(SecretSealer.nonceByteCount)
      let sealed = try keys.sessions.seal(
        claims.text,
        nonce: nonce,
        context: Self.sessionContext
      )
      return Base64.encode(sealed)
    } catch {
      throw RepositoryError(
        .internalFailure,
        "A session token could not be sealed: \(error)",
        cause: error
      )
    }
  }

  private func claims(in token: String) -> SessionClaims? {
    guard let sealed = Base64.decode(token),
      let text = try? keys.sessions.open(sealed, context: Self.sessionContext)
    else { return nil }
    return SessionClaims(text: text)
  }

  /// Returns who signs with temporary credentials, or why nobody does.
  func signer(
    accessKeyID: String,
    sessionToken: String
  ) async throws(RepositoryError) -> Result<RequestSignerIdentity, SignatureError> {
    let now = clock.now().microseconds / 1_000_000
    if let known = credentials.key(accessKeyID), let session = known.principal.session {
      // The verifier compares the session tokens.
      return session.expiresAt > now ? .success(known) : .failure(.sessionExpired)
    }
    guard let claims = claims(in: sessionToken), claims.keyID == accessKeyID else {
      return .failure(.badSessionToken)
    }
    guard claims.expiresAt > now else { return .failure(.sessionExpired) }
    let generation = credentials.generation
    let record = try await read { snapshot in try snapshot.holder(of: claims) }
    guard let record else { return .failure(.unknownAccessKey) }
    let identity = RequestSignerIdentity(
      principal: Principal(record, in: claims),
      key: AccessKey(
        id: accessKeyID,
        secret: keys.sessionSecret(of: accessKeyID),
        sessionToken: sessionToken
      )
    )
    credentials.remember(identity, since: generation)
    return .success(identity)
  }
}

extension CatalogReading {
  /// The user or role of a session that still stands: it is there, its sessions were not ended
  /// since, and the key that it was asked for with may sign.
  func holder(of claims: SessionClaims) throws -> PrincipalRecord? {
    guard let record = try principal(claims.principal), claims.issuedAt > record.sessionsSince
    else { return nil }
    if let parent = claims.parentKeyID, try accessKey(parent)?.key.status != .active { return nil }
    return record
  }
}
