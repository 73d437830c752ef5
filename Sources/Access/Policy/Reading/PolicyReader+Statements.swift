extension PolicyReader {
  private static let elements: Set = [
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource",
    "NotResource", "Condition",
  ]

  func statement(_ value: PolicyValue) throws(LocatedFault) -> PolicyStatement {
    let members = try value.members(named: Self.elements, of: "a statement")
    let parts = Parts(value: value, members: members)
    return PolicyStatement(
      sid: try sid(parts),
      effect: try effect(parts),
      principals: try principals(parts),
      actions: try actions(parts),
      resources: try resources(parts),
      conditions: try parts["Condition"].map { condition throws(LocatedFault) in
        try conditions(condition)
      } ?? []
    )
  }

  /// A statement's elements by name.
  private struct Parts {
    let value: PolicyValue
    let members: [PolicyValue.Member]

    subscript(_ name: String) -> PolicyValue? {
      members.first { $0.name == name }?.value
    }

    /// The one of an element and its negation that there is; nil when there is neither.
    func either(
      _ name: String
    ) throws(LocatedFault) -> (value: PolicyValue, isNegated: Bool)? {
      let negation = "Not" + name
      let found = members.filter { $0.name == name || $0.name == negation }
      guard let first = found.first else { return nil }
      if found.count > 1 {
        throw value.fault(
          at: found[1],
          "a statement has either \"\(name)\" or \"\(negation)\", not both"
        )
      }
      return (first.value, first.name == negation)
    }
  }

  private func sid(_ parts: Parts) throws(LocatedFault) -> String? {
    guard let value = parts["Sid"] else { return nil }
    let sid = try value.string()
    let isPlain = sid.utf8.allSatisfy { byte in
      switch byte.lowercasedASCII {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      default: false
      }
    }
    guard kind == .resource || isPlain else {
      throw value.fault("a Sid has only letters and digits")
    }
    return sid
  }

  private func effect(_ parts: Parts) throws(LocatedFault) -> PolicyEffect {
    guard let value = parts["Effect"] else {
      throw parts.value.fault("the statement has no element \"Effect\"")
    }
    guard let effect = PolicyEffect(rawValue: try value.string()) else {
      throw value.fault("an effect is \"Allow\" or \"Deny\"")
    }
    return effect
  }

  private func actions(_ parts: Parts) throws(LocatedFault) -> Selection<ActionPattern> {
    guard let (value, isNegated) = try parts.either("Action") else {
      throw parts.value.fault("the statement has neither \"Action\" nor \"NotAction\"")
    }
    var items: [ActionPattern] = []
    for element in try value.oneOrMore() {
      let text = try element.string()
      guard let action = ActionPattern(parsing: text) else {
        throw element.fault(
          "\"\(text)\" is no action, such as \"codeartifact:ReadFromRepository\" or \"*\""
        )
      }
      items.append(action)
    }
    return Selection(items: items, isNegated: isNegated)
  }

  private func resources(_ parts: Parts) throws(LocatedFault) -> Selection<ARNPattern>? {
    guard let (value, isNegated) = try parts.either("Resource") else {
      if kind == .trust { return nil }
      throw parts.value.fault("the statement has neither \"Resource\" nor \"NotResource\"")
    }
    if kind == .trust {
      throw value.fault("a trust policy is about its role and names no resources")
    }
    var items: [ARNPattern] = []
    for element in try value.oneOrMore() {
      let text = try element.string()
      guard let name = ARNPattern(text, hasVariables: hasVariables) else {
        throw element.fault("\"\(text)\" is neither a resource name of six parts nor \"*\"")
      }
      items.append(name)
    }
    return Selection(items: items, isNegated: isNegated)
  }
}

extension PolicyReader {
  private func principals(_ parts: Parts) throws(LocatedFault) -> Selection<PolicyPrincipal>? {
    let found = try parts.either("Principal")
    if kind == .identity {
      guard let found else { return nil }
      throw found.value.fault("a policy of an identity names no principals: it is about its own")
    }
    guard let found else {
      throw parts.value.fault("the statement has neither \"Principal\" nor \"NotPrincipal\"")
    }
    return Selection(items: try principals(found.value), isNegated: found.isNegated)
  }

  private func principals(_ value: PolicyValue) throws(LocatedFault) -> [PolicyPrincipal] {
    if case .string(let text) = value.content {
      guard text == "*" else {
        throw value.fault("a principal is \"*\" or an object such as {\"AWS\": \"123456789012\"}")
      }
      return [.everyone]
    }
    let members = try value.members(of: "a principal")
    guard !members.isEmpty else { throw value.fault("the principal names nobody") }
    var principals: [PolicyPrincipal] = []
    for member in members {
      for element in try member.value.oneOrMore() {
        principals.append(try principal(element, under: member, of: value))
      }
    }
    return principals
  }

  private func principal(
    _ element: PolicyValue,
    under member: PolicyValue.Member,
    of value: PolicyValue
  ) throws(LocatedFault) -> PolicyPrincipal {
    let text = try element.string()
    switch member.name {
    case "AWS":
      guard let principal = PolicyPrincipal(aws: text) else {
        throw element.fault(
          "\"\(text)\" is no principal: an account, a full name of a user, a role or a session, "
            + "or \"*\""
        )
      }
      return principal
    case "Service" where !text.isEmpty: return .service(text)
    case "Federated" where !text.isEmpty: return .federated(text)
    case "CanonicalUser" where !text.isEmpty: return .canonicalUser(text)
    case "Service", "Federated", "CanonicalUser": throw element.fault("the name is empty")
    default: throw value.fault(at: member, "there are no principals of type \"\(member.name)\"")
    }
  }
}
