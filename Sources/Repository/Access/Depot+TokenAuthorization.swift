package import Access
internal import Catalog

extension Depot {
  /// What a caller must be allowed by a policy of its own to be given a token of any service.
  private static let bearerTokenAction = "sts:GetServiceBearerToken"

  /// Returns when `principal` may have a token for a domain.
  ///
  /// Two questions (CodeArtifact user guide, "AWS CodeArtifact authentication and tokens"): may it
  /// ask for tokens of the domain, which a policy of the domain can answer; and may it have a token
  /// of any service, which its own policies alone answer. An account itself may not have one.
  ///
  /// - Parameters:
  ///   - principal: who is asking.
  ///   - domain: the domain's full name.
  ///   - duration: how long the token is to be good for; zero for as long as the caller's own
  ///     credentials.
  ///   - context: what conditions of policies may look at beside these.
  /// - Throws: ``RepositoryError`` with `accessDenied`, and what reading the catalog throws.
  package func authorizeToken(
    of principal: Principal,
    for domain: ARN,
    duration: Duration,
    context: AccessContext
  ) async throws(RepositoryError) {
    try await authorize(principal, to: .getAuthorizationToken, on: domain, context: context)
    guard principal.kind != .root else {
      throw RepositoryError(
        .accessDenied,
        "User: \(principal.arn) is not authorized to perform: "
          + "\(Action.getAuthorizationToken.qualifiedName) on resource: \(domain): "
          + "an account's root user has no tokens; ask as a user or a role."
      )
    }
    let context = completed(context)
      .adding("sts:AWSServiceName", "codeartifact.amazonaws.com")
      .adding("sts:DurationSeconds", String(duration.components.seconds))
    let request = AccessRequest(
      principal: principal,
      action: Self.bearerTokenAction,
      resources: ["*"],
      context: context
    )
    if case .denied(let denial) = try await ownRules(of: principal).decide(request) {
      throw RepositoryError(AccessDenied(request, denial))
    }
  }
}
