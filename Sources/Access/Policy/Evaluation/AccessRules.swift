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
  /// The trust policy of a role, where the question is of taking it on.
  package var trust: PolicyDocument?
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
  package var dependOnRequest: Bool { documents.contains(where: \.dependsOnRequest) }

  /// Whether any of them looks at tags of the resource.
  package var lookAtResourceTags: Bool { documents.contains(where: \.looksAtResourceTags) }

  private var documents: [PolicyDocument] {
    identity + [session, domain, repository, trust].compactMap(\.self)
  }

  /// Judges a request.
  ///
  /// CodeArtifact user guide, "How CodeArtifact authorizes": a denial anywhere wins; a principal of
  /// a home account needs one allowance anywhere; any other needs one of a resource and one of its
  /// own; who says nothing of himself needs one of a resource. A resource's policy that allows
  /// something to an account leaves it to the account whom of its own it lets (IAM user guide,
  /// "AWS account principals"), so that of a home account it takes one of the caller's own as well.
  package func decide(_ request: AccessRequest) -> AccessDecision {
    let own = identity.map { $0.verdict(on: request) }
    let ofSession = session.map { $0.verdict(on: request) }
    if own.contains(.denied) || ofSession == .denied { return .denied(.byIdentity) }
    let ofResource = [domain, repository, trust].map { $0?.verdict(on: request) ?? .silent }
    if ofResource.contains(.denied) { return .denied(.byResource) }
    if let ofSession, ofSession != .allowed { return .denied(.noneOfSession) }
    let isAllowedHere = ofResource.contains(.allowed)
    let isAllowedAtHome = own.contains(.allowed)
    let principal = request.principal
    if principal.isAnonymous { return isAllowedHere ? .allowed : .denied(.noneOfResource) }
    if homeAccounts.contains(principal.account) {
      return isAllowedHere || isAllowedAtHome ? .allowed : .denied(.noneOfIdentity)
    }
    guard isAllowedHere || ofResource.contains(.allowedToAccount) else {
      return .denied(.noneOfResource)
    }
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
