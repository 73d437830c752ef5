package import Access
internal import Catalog

extension Depot {
  /// Whether a caller's own policies allow a request, and those of its session as well.
  ///
  /// For what no resource's policy has a say in.
  package func allows(_ request: AccessRequest) async throws(RepositoryError) -> Bool {
    try await ownRules(of: request.principal).decide(completed(request)) == .allowed
  }

  /// Whether a caller may take on a role of an account, or do with it what the request says.
  ///
  /// IAM user guide, "Policy evaluation logic": a denial anywhere wins. The trust policy must allow
  /// it; that is enough for a caller of the same account whom it names itself, while naming the
  /// account leaves it to the caller's own policies. A caller of another account needs both.
  package func allows(
    _ request: AccessRequest,
    with trust: PolicyDocument,
    of account: String
  ) async throws(RepositoryError) -> Bool {
    let request = completed(request)
    guard trust.effect(on: request) == .allow else { return false }
    var rules = try await ownRules(of: request.principal)
    rules.trust = trust
    rules.homeAccounts = [account]
    return rules.decide(request) == .allowed
  }

  private func completed(_ request: AccessRequest) -> AccessRequest {
    var request = request
    request.context = completed(request.context)
    return request
  }

  /// The circumstances of a request, with those that are the depot's own.
  func completed(_ context: AccessContext) -> AccessContext {
    var context = context
    context.microseconds = context.microseconds ?? clock.now().microseconds
    context.others["aws:requestedregion"] = [options.region]
    return context
  }

  /// What narrows and widens a caller's rights, whatever they are about.
  func ownRules(of principal: Principal) async throws(RepositoryError) -> AccessRules {
    AccessRules(
      identity: try await identityPolicies(of: principal),
      session: try sessionPolicy(of: principal),
      homeAccounts: [principal.account]
    )
  }
}
