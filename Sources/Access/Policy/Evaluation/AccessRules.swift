/// Everything that has a say in a request: the caller's own policies, those of the domain and the
/// repository in question, and whose these are.
package struct AccessRules: Sendable {
  package var identity: [PolicyDocument]
  /// What narrows the caller's session, where anything does: nothing is allowed that it does not
  /// allow as well.
  package var session: PolicyDocument?
  /// The domain's policy, where there is one and it is asked.
  package var domain: PolicyDocument?
  /// The repository's policy, where there is one and it is asked.
  package var repository: PolicyDocument?
  /// The accounts whose principals need no leave of a resource policy.
  ///
  /// These are the domain's owner and, for what is in a repository, its administrator; the caller's
  /// own where no resource is concerned.
  package var homeAccounts: [String]

  package init(
    identity: [PolicyDocument],
    session: PolicyDocument? = nil,
    domain: PolicyDocument? = nil,
    repository: PolicyDocument? = nil,
    homeAccounts: [String]
  ) {
    self.identity = identity
    self.session = session
    self.domain = domain
    self.repository = repository
    self.homeAccounts = homeAccounts
  }

  /// Whether the decision may differ between two requests for the same by the same principal.
  package var dependOnRequest: Bool {
    (identity + [session, domain, repository].compactMap(\.self)).contains(
      where: \.dependsOnRequest
    )
  }

  /// Judges a request.
  ///
  /// CodeArtifact user guide, "How CodeArtifact authorizes": a denial anywhere wins; a principal of
  /// a home account needs one allowance anywhere; any other needs one of a resource and one of its
  /// own; who says nothing of himself needs one of a resource.
  package func decide(_ request: AccessRequest) -> AccessDecision {
    let own = identity.map { $0.effect(on: request) }
    let ofSession = session.map { $0.effect(on: request) }
    if own.contains(.deny) || ofSession == .some(.deny) { return .denied(.byIdentity) }
    let ofResource = [domain, repository].map { $0?.effect(on: request) }
    if ofResource.contains(.deny) { return .denied(.byResource) }
    if let ofSession, ofSession != .allow { return .denied(.noneOfSession) }
    let isAllowedHere = ofResource.contains(.allow)
    let isAllowedAtHome = own.contains(.allow)
    let principal = request.principal
    if principal.isAnonymous { return isAllowedHere ? .allowed : .denied(.noneOfResource) }
    if homeAccounts.contains(principal.account) {
      return isAllowedHere || isAllowedAtHome ? .allowed : .denied(.noneOfIdentity)
    }
    guard isAllowedHere else { return .denied(.noneOfResource) }
    return isAllowedAtHome ? .allowed : .denied(.noneOfIdentity)
  }
}

/// What policies say to a request.
package enum AccessDecision: Hashable, Sendable {
  case allowed
  case denied(AccessDenial)
}

/// Why a request is denied.
package enum AccessDenial: Hashable, CaseIterable, Sendable {
  /// A policy of the caller's own says so.
  case byIdentity
  /// The policy of the domain or of the repository says so.
  case byResource
  /// No policy of the caller's own allows it.
  case noneOfIdentity
  /// The policy of the caller's session does not allow it.
  case noneOfSession
  /// Neither the domain's policy nor the repository's allows it.
  case noneOfResource
}

/// A principal may not do what it asked for.
package struct AccessDenied: Error, Hashable {
  package let principal: String
  /// With its service.
  package let action: String
  package let resource: String
  package let denial: AccessDenial

  package init(_ request: AccessRequest, _ denial: AccessDenial) {
    self.principal = request.principal.arn
    self.action = request.action
    self.resource = request.resources[0]
    self.denial = denial
  }

  /// The standard sentence, which tools match on, and its known endings (IAM user guide,
  /// "Troubleshoot access denied error messages").
  package var message: String {
    let reason =
      switch denial {
      case .byIdentity: "with an explicit deny in an identity-based policy"
      case .byResource: "with an explicit deny in a resource-based policy"
      case .noneOfIdentity: "because no identity-based policy allows the \(action) action"
      case .noneOfSession: "because no session policy allows the \(action) action"
      case .noneOfResource: "because no resource-based policy allows the \(action) action"
      }
    return "User: \(principal) is not authorized to perform: \(action) on resource: \(resource) "
      + reason
  }
}
