import Access
import Exchange
import HTTPTypes
import Repository

/// Lets package managers in: finds out who presents a token, and whether it is good for the domain.
struct Gate: Sendable {
  private let depot: Depot

  init(depot: Depot) {
    self.depot = depot
  }

  /// Returns who is asking: the principal behind the token, or nobody in particular, for a request
  /// that only reads and where the policy of the domain or the repository lets everybody.
  ///
  /// - Throws: `unauthenticated` when no usable token came, one that is unknown, or one that has
  ///   expired: the client is asked for another. `accessDenied` when the token is of another
  ///   domain.
  func admit(
    _ request: Request,
    to endpoint: RepositoryEndpoint
  ) async throws(RepositoryError) -> Caller {
    guard let token = try token(in: request) else {
      guard request.method == .get || request.method == .head else { throw .tokenRequired }
      let caller = caller(.anonymous, request, endpoint)
      try await caller.requireReading()
      return caller
    }
    guard let holder = try await depot.holder(ofToken: token) else {
      // Whoever tries one token after the other is one address.
      try depot.throttle?.admit(address: request.peer)
      throw RepositoryError(
        .unauthenticated,
        "The token is unknown or has expired; get a new one with GetAuthorizationToken "
          + "(aws codeartifact login)."
      )
    }
    request.trail.note(holder.principal)
    try depot.throttle?.admit(
      account: holder.principal.account,
      event: request.trail.notes.event ?? "",
      isReadOnly: request.trail.notes.isReadOnly
    )
    guard holder.domain == endpoint.path.domain, holder.domainOwner == endpoint.path.owner else {
      throw RepositoryError(
        .accessDenied,
        "The token is for domain \(holder.domain) of account \(holder.domainOwner), not for "
          + "domain \(endpoint.path.domain) of account \(endpoint.path.owner)."
      )
    }
    return caller(holder.principal, request, endpoint)
  }

  private func caller(
    _ principal: Principal,
    _ request: Request,
    _ endpoint: RepositoryEndpoint
  ) -> Caller {
    Caller(
      principal: principal,
      path: endpoint.path,
      context: AccessContext(
        sourceAddress: request.peer,
        userAgent: request.headers[.userAgent],
        isSecure: request.base.hasPrefix("https:")
      ),
      depot: depot,
      trail: request.trail
    )
  }

  /// The request's token; nil for a request without one, which its address has to answer for.
  private func token(in request: Request) throws(RepositoryError) -> String? {
    do throws(RepositoryError) {
      if let token = try Self.token(in: request) {
        try depot.throttle?.admit(tokenDigest: AccessToken.digest(of: token))
        return token
      }
    } catch  where error.code != .throttled {
      try depot.throttle?.admit(address: request.peer)
      throw error
    }
    try depot.throttle?.admit(address: request.peer)
    return nil
  }

  /// The token that came with a request, for the one call that gives it back.
  static func presentedToken(in request: Request) -> String? {
    (try? token(in: request)) ?? nil
  }

  /// What the client presents, in any of the forms that package managers use; nil for nothing.
  private static func token(in request: Request) throws(RepositoryError) -> String? {
    let values = request.headers[values: .authorization]
    guard let value = values.first ?? request.headers[.nuGetApiKey] else { return nil }
    guard values.count <= 1 else {
      throw RepositoryError(.unauthenticated, "The request has more than one Authorization.")
    }
    switch PresentedCredential(authorization: value) {
    case .token(let token): return token
    case .malformed(let reason): throw RepositoryError(.unauthenticated, reason)
    case .signature:
      throw RepositoryError(
        .unauthenticated,
        "Signed requests are for the control API; a repository takes tokens."
      )
    }
  }
}

extension HTTPField.Name {
  /// Where NuGet sends the token of a push, beside or in place of an `Authorization`.
  static let nuGetApiKey = HTTPField.Name("X-NuGet-ApiKey") ?? .authorization
}
