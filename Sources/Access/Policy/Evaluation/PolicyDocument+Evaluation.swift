extension PolicyDocument {
  /// What the policy says to a request: a denial if any statement denies it, else an allowance if
  /// any allows it, else nothing.
  ///
  /// - Complexity: O(n) in the size of the document.
  package func effect(on request: AccessRequest) -> PolicyEffect? {
    var isAllowed = false
    for statement in statements where statement.applies(to: request) {
      switch statement.effect {
      case .deny: return .deny
      case .allow: isAllowed = true
      }
    }
    return isAllowed ? .allow : nil
  }
}

extension PolicyStatement {
  func applies(to request: AccessRequest) -> Bool {
    matchesAction(of: request)
      && matchesPrincipal(of: request)
      && matchesResource(of: request)
      && conditions.allSatisfy { $0.holds(for: request) }
  }

  private func matchesAction(of request: AccessRequest) -> Bool {
    actions.items.contains { $0.matches(lowercased: request.lowercasedAction) }
      != actions.isNegated
  }

  /// Who says nothing of himself is allowed something only by a `*`, never for being nobody of a
  /// list: opening a repository to the world has to be meant.
  private func matchesPrincipal(of request: AccessRequest) -> Bool {
    guard let principals else { return true }
    if principals.isNegated, effect == .allow, request.principal.isAnonymous { return false }
    return principals.items.contains { $0.includes(request.principal) } != principals.isNegated
  }

  /// A resource of several names is meant by any of them, and excepted by any of them.
  private func matchesResource(of request: AccessRequest) -> Bool {
    guard let resources else { return true }
    var isNamed = false
    for pattern in resources.items {
      guard let pattern = pattern.resolved(for: request) else {
        // What cannot be known must not let "all but this" hold.
        if resources.isNegated { return false }
        continue
      }
      isNamed = isNamed || request.resources.contains { pattern.matches($0) }
    }
    return isNamed != resources.isNegated
  }
}
