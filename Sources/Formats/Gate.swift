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

  /// Returns who is asking.
  ///
  /// - Throws: `unauthenticated` when no usable token came, one that is unknown, or one that has
  ///   expired: the client is asked for another. `accessDenied` when the token is of another
  ///   domain.
  func admit(
    _ request: Request,
    to endpoint: RepositoryEndpoint
  ) async throws(RepositoryError) -> Caller {
    guard let holder = try await holder(of: request) else {
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
    return Caller(
      principal: holder.principal,
      path: endpoint.path,
      region: depot.options.region,
      trail: request.trail
    )
  }

  /// Who the request's token speaks for; nil for one that is unknown.
  private func holder(of request: Request) async throws(RepositoryError) -> TokenHolder? {
    let token: String
    do throws(RepositoryError) {
      token = try Self.token(in: request)
    } catch {
      try depot.throttle?.admit(address: request.peer)
      throw error
    }
    try depot.throttle?.admit(tokenDigest: AccessToken.digest(of: token))
    return try await depot.holder(ofToken: token)
  }

  /// The token that came with a request, for the one call that gives it back.
  static func presentedToken(in request: Request) -> String? {
    try? token(in: request)
  }

  /// What the client presents, in any of the forms that package managers use.
  private static func token(in request: Request) throws(RepositoryError) -> String {
    let values = request.headers[values: .authorization]
    guard let value = values.first ?? request.headers[.nuGetApiKey] else {
      throw RepositoryError(
        .unauthenticated,
        "This repository asks for a token: as the password of Basic authentication or as Bearer."
      )
    }
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
