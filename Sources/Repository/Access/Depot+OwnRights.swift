package import Access

extension Depot {
  /// Whether a caller's own policies allow a request, and those of its session as well.
  ///
  /// For what no resource's policy has a say in.
  package func allows(_ request: AccessRequest) async throws(RepositoryError) -> Bool {
    try await ownEffect(on: request) == .allow
  }

  /// What a caller's own policies say to a request: a denial by any of them or by the session's
  /// wins, and nothing is allowed that the session's policy does not allow.
  package func ownEffect(
    on request: AccessRequest
  ) async throws(RepositoryError) -> PolicyEffect? {
    let policies = try await identityPolicies(of: request.principal)
    let effects = policies.map { $0.effect(on: request) }
    if effects.contains(.deny) { return .deny }
    guard effects.contains(.allow) else { return nil }
    guard let session = try sessionPolicy(of: request.principal) else { return .allow }
    return session.effect(on: request)
  }
}
