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
  ///   - duration: how long it is good for. Zero asks for as long as the caller's own credentials;
  ///     access keys do not expire, so that it means twelve hours here.
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
    let expiry = now + (duration == .zero ? Self.tokenDurations.upperBound : duration)
    try await write { transaction in
      let domain = try transaction.requireDomain(owner: owner, name: domain)
      guard let holder = try transaction.principal(arn: principal.arn) else {
        throw RepositoryError(.unauthenticated, "There is no principal \(principal.arn).")
      }
      try transaction.deleteExpiredTokens(at: now, limit: Self.sweepLimit)
      try transaction.createToken(
        token.digest,
        of: holder.id,
        for: domain.id,
        at: now,
        expiresAt: expiry
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
      return TokenHolder(
        principal: Principal(found.principal),
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
