extension AccessRules {
  /// The same rules without what has no say in a request, whatever the circumstances are: what is
  /// left looks at nothing but these, and decides every request as the whole does that has the same
  /// principal, action and resources.
  package func narrowed(to request: AccessRequest) -> AccessRules {
    func narrowed(_ document: PolicyDocument?) -> PolicyDocument? {
      guard let document = document?.narrowed(to: request), !document.statements.isEmpty else {
        return nil
      }
      return document
    }
    var rules = self
    rules.identity = identity.compactMap(narrowed)
    // A session's policy that says nothing is not the same as none.
    rules.session = session?.narrowed(to: request)
    rules.domain = narrowed(domain)
    rules.repository = narrowed(repository)
    rules.trust = narrowed(trust)
    return rules
  }
}

extension PolicyDocument {
  fileprivate func narrowed(to request: AccessRequest) -> PolicyDocument {
    PolicyDocument(
      kind: kind,
      version: version,
      id: id,
      statements: statements.compactMap { $0.narrowed(to: request) }
    )
  }
}

extension PolicyStatement {
  /// The statement without what is settled; nil when it cannot apply.
  fileprivate func narrowed(to request: AccessRequest) -> PolicyStatement? {
    guard matchesAction(of: request), matchesPrincipal(of: request) else { return nil }
    let areResourcesOpen =
      resources?.items.contains { !$0.variables.allSatisfy(ConditionKey.isOfPrincipal) } ?? false
    guard areResourcesOpen || matchesResource(of: request) else { return nil }
    let settled = conditions.filter(\.isOfPrincipal)
    guard settled.allSatisfy({ $0.holds(for: request, in: effect) }) else { return nil }
    return PolicyStatement(
      sid: sid,
      effect: effect,
      // They tell whether an allowance is for an account or for the principal.
      principals: principals,
      actions: Selection(items: [.everything], isNegated: false),
      resources: areResourcesOpen ? resources : nil,
      conditions: conditions.filter { !$0.isOfPrincipal }
    )
  }
}

extension PolicyCondition {
  /// Whether the line looks at nothing but the principal.
  fileprivate var isOfPrincipal: Bool {
    ConditionKey.isOfPrincipal(key) && variables.allSatisfy(ConditionKey.isOfPrincipal)
  }
}
