/// What a policy says to a request.
package enum PolicyVerdict: Hashable, Sendable {
  /// It does not speak of it.
  case silent
  /// It allows it to the caller's account, which has to pass it on: naming an account leaves it to
  /// the policies of the account's own users and roles.
  case allowedToAccount
  /// It allows it to the caller itself.
  case allowed
  case denied
}

extension PolicyDocument {
  /// What the policy says to a request: a denial if any statement denies it, else an allowance if
  /// any allows it, else nothing.
  ///
  /// - Complexity: O(n) in the size of the document.
  package func verdict(on request: AccessRequest) -> PolicyVerdict {
    var verdict = PolicyVerdict.silent
    for statement in statements where statement.applies(to: request) {
      if statement.effect == .deny { return .denied }
      if statement.isForAccountAlone(of: request.principal) {
        if verdict == .silent { verdict = .allowedToAccount }
      } else {
        verdict = .allowed
      }
    }
    return verdict
  }

  /// Whether a statement without conditions denies a request, whatever else there is to it.
  package func alwaysDenies(_ request: AccessRequest) -> Bool {
    statements.contains {
      $0.effect == .deny && $0.conditions.isEmpty && $0.applies(to: request)
    }
  }

  /// As ``verdict(on:)``, without telling apart whom an allowance is for.
  package func effect(on request: AccessRequest) -> PolicyEffect? {
    switch verdict(on: request) {
    case .silent: nil
    case .allowed, .allowedToAccount: .allow
    case .denied: .deny
    }
  }
}

extension PolicyStatement {
  func applies(to request: AccessRequest) -> Bool {
    matchesAction(of: request)
      && matchesPrincipal(of: request)
      && matchesResource(of: request)
      && conditions.allSatisfy { $0.holds(for: request, in: effect) }
  }

  func matchesAction(of request: AccessRequest) -> Bool {
    actions.items.contains { $0.matches(lowercased: request.lowercasedAction) }
      != actions.isNegated
  }

  /// Whom the statement is about.
  ///
  /// Who says nothing of himself is allowed something only by a star, never for being nobody of a
  /// list: opening a repository to the world has to be meant. Whom an identity provider vouches for
  /// is allowed something only where the provider is named: a token that anybody can have made for
  /// himself is no membership of an account.
  func matchesPrincipal(of request: AccessRequest) -> Bool {
    guard let principals else { return true }
    let principal = request.principal
    switch (principals.isNegated, effect) {
    case (false, .allow) where principal.kind == .webIdentity:
      return principals.items.contains { $0.isProvider(of: principal) }
    case (false, _): return principals.items.contains { $0.includes(principal) }
    case (true, .allow):
      guard principal.kind != .anonymous, principal.kind != .webIdentity else { return false }
      return !principals.items.contains { $0.includes(principal) }
    case (true, .deny): return !principals.items.spare(principal)
    }
  }

  /// Whether the statement reaches a principal by the name of its account and by no other.
  fileprivate func isForAccountAlone(of principal: Principal) -> Bool {
    guard let principals, !principals.isNegated else { return false }
    return principals.items.allSatisfy { item in
      if case .account = item { true } else { !item.includes(principal) }
    }
  }

  /// A resource of several names is meant by any of them, and excepted by any of them.
  func matchesResource(of request: AccessRequest) -> Bool {
    guard let resources else { return true }
    var isNamed = false
    for pattern in resources.items {
      guard let pattern = pattern.resolved(for: request) else {
        // What cannot be known lets "all but this" allow nothing, and deny everything.
        if resources.isNegated, effect == .allow { return false }
        continue
      }
      isNamed = isNamed || request.resourceParts.contains { pattern.matches(parts: $0) }
    }
    return isNamed != resources.isNegated
  }
}

extension [PolicyPrincipal] {
  /// Whether a denial to all but these (`Deny` with `NotPrincipal`) leaves a principal alone.
  ///
  /// The closest name counts: an account beside one of its users spares that user and no other, a
  /// role beside one of its sessions that session. That is how such lists are written (IAM user
  /// guide, "NotPrincipal with Deny": the account and the role are listed beside the one meant).
  fileprivate func spare(_ principal: Principal) -> Bool {
    if contains(.everyone) || contains(.named(principal.arn)) { return true }
    if contains(where: { $0.isProvider(of: principal) }) { return true }
    if contains(.named(principal.identityARN)) {
      return !contains { $0.isSession(of: principal.identityARN) }
    }
    guard contains(where: { $0.includes(principal) }) else { return false }
    return !contains { $0.isNamed(in: principal.account) }
  }
}
