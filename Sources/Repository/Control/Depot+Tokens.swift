package import Access
internal import Bytes
internal import Catalog

extension Depot {
  /// The least and the most time that a token may be good for.
  package static let tokenDurations: ClosedRange<Duration> =
    Duration.seconds(900)...Duration.seconds(43_200)
  /// How many expired tokens each new one sweeps away, so that they never pile up.
  private static let sweepLimit = 16

  /// Makes a token with which package managers act for `principal` in one domain.
  ///
  /// Only its digest is stored.
  ///
  /// - Parameters:
  ///   - principal: who is asking.
  ///   - owner: the account that owns the domain.
  ///   - domain: the domain's name.
  ///   - duration: how long it is good for. Zero asks for as long as the caller's own credentials:
  ///     until a session ends, and twelve hours with access keys, which do not expire.
  /// - Returns: the token.
  /// - Throws: ``RepositoryError``: `validation` for a duration that is neither zero nor within
  ///   ``tokenDurations``, `notFound` for the domain.
  package func issueToken(
    for principal: Principal,
    owner: String,
    domain: String,
    duration: Duration
  ) async throws(RepositoryError) -> IssuedToken {
    guard duration == .zero || Self.tokenDurations.contains(duration) else {
      throw RepositoryError(
        .validation,
        "A token lasts 0 seconds (as long as the caller's credentials) or from 900 to 43200, "
          + "not \(duration.components.seconds).",
        reason: .fieldValidationFailed
      )
    }
    let token = AccessToken(random: RandomBytes.make(AccessToken.randomByteCount))
    let now = clock.now()
    let expiry = Self.expiry(of: principal, duration, at: now)
    let claims = Self.claims(of: principal)
    try await write { transaction in
      let domain = try transaction.requireDomain(owner: owner, name: domain)
      // What was taken away since the caller was let in must leave no token behind.
      guard let holder = try transaction.holder(of: principal, claims) else {
        throw RepositoryError(
          .unauthenticated,
          "The credentials of \(principal.arn) are good no more."
        )
      }
      try transaction.deleteExpiredTokens(at: now, limit: Self.sweepLimit)
      try transaction.createToken(
        token.digest,
        of: holder.id,
        for: domain.id,
        at: now,
        expiresAt: expiry,
        key: claims == nil ? principal.accessKeyID : nil,
        session: claims?.text
      )
    }
    return IssuedToken(text: token.text, expiresAt: expiry)
  }

  /// Returns who a presented token speaks for; nil when it is unknown, expired or revoked.
  ///
  /// A token that was used lately is answered from memory: no SQL.
  package func holder(ofToken text: String) async throws(RepositoryError) -> TokenHolder? {
    let digest = AccessToken.digest(of: text)
    let now = clock.now()
    if let known = credentials.token(digest) {
      guard known.expiresAt > now else {
        credentials.forgetToken(digest)
        return nil
      }
      return known
    }
    let generation = credentials.generation
    let found = try await read { snapshot -> TokenHolder? in
      guard let found = try snapshot.token(digest),
        let domain = try snapshot.domain(found.token.domainID)
      else { return nil }
      guard let principal = try snapshot.principal(of: found.token, found.principal) else {
        return nil
      }
      return TokenHolder(
        principal: principal,
        domainID: domain.id,
        domainOwner: domain.owner,
        domain: domain.name,
        expiresAt: found.token.expiresAt
      )
    }
    guard let found, found.expiresAt > now else { return nil }
    credentials.remember(found, for: digest, since: generation)
    return found
  }

  /// Takes back a token.
  ///
  /// Returns whether there was one.
  @discardableResult
  package func revokeToken(_ text: String) async throws(RepositoryError) -> Bool {
    let digest = AccessToken.digest(of: text)
    let wasKnown = try await write { transaction in try transaction.deleteToken(digest) }
    credentials.forgetToken(digest)
    return wasKnown
  }
}

extension Depot {
  private static func expiry(
    of principal: Principal,
    _ duration: Duration,
    at now: Timestamp
  ) -> Timestamp {
    guard duration == .zero else { return now + duration }
    guard let session = principal.session else { return now + tokenDurations.upperBound }
    return Timestamp(seconds: session.expiresAt)
  }

  /// The bounds that a token takes over from the session that asks for it.
  private static func claims(of principal: Principal) -> SessionClaims? {
    guard let session = principal.session, let identity = principal.identity else { return nil }
    return SessionClaims(
      keyID: principal.accessKeyID ?? "",
      principal: PrincipalID(identity),
      name: session.name,
      issuedAt: Timestamp(microseconds: session.issuedMicroseconds),
      expiresAt: session.expiresAt,
      policy: session.policy,
      tags: principal.tags,
      provider: session.federatedProvider,
      parentKeyID: session.parentKeyID
    )
  }
}

extension CatalogReading {
  /// The user or role behind a caller, if it is there still and what it signed with is good still.
  fileprivate func holder(
    of caller: Principal,
    _ claims: SessionClaims?
  ) throws -> PrincipalRecord? {
    if let claims { return try holder(of: claims) }
    guard let identity = caller.identity else { return nil }
    if let key = caller.accessKeyID, try accessKey(key)?.key.status != .active { return nil }
    return try principal(PrincipalID(identity))
  }

  /// Whom a token speaks for; nil when the session that asked for it was ended, or the key behind
  /// that may not sign any more.
  fileprivate func principal(
    of token: TokenRecord,
    _ record: PrincipalRecord
  ) throws -> Principal? {
    guard let text = token.session else { return Principal(record, key: token.accessKeyID) }
    guard let claims = SessionClaims(text: text) else {
      throw CatalogError.damaged("the session of a token of \(record.arn) cannot be read")
    }
    guard try holder(of: claims) != nil else { return nil }
    return Principal(record, in: claims)
  }
}
