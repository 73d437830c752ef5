/// One line of a `Condition`: an operator, a key, and the values of which one must fit.
struct PolicyCondition: Hashable, Sendable {
  /// How many of a key's values must fit, where it may have several.
  enum Quantifier: Hashable, Sendable {
    /// No prefix: for keys with one value.
    case one
    /// `ForAllValues:`, which holds of no values too.
    case all
    /// `ForAnyValue:`
    case any
  }

  let quantifier: Quantifier
  let comparison: ConditionOperator
  /// `…IfExists`: holds where the request does not say.
  let holdsIfAbsent: Bool
  /// Canonical.
  let key: String
  let operands: [ConditionOperand]

  /// The context keys that variables in the values name.
  var variables: [String] { operands.flatMap(\.variables) }

  /// Whether the line holds, in a statement of this effect.
  func holds(for request: AccessRequest, in effect: PolicyEffect) -> Bool {
    let values = request.values(of: key)
    if comparison == .null { return operands.contains(.flag(values.isEmpty)) }
    let resolved = operands.compactMap { $0.resolved(for: request) }
    // A value that cannot be known fits nothing, and must not let "not this" allow anything.
    guard resolved.count == operands.count || !comparison.isNegated || effect == .deny else {
      return false
    }
    if values.isEmpty { return holdsIfAbsent || holdsOfNothing }
    func fits(_ value: String) -> Bool {
      resolved.contains { $0.fits(value, by: comparison) } != comparison.isNegated
    }
    return switch quantifier {
    case .one where comparison.isNegated: values.allSatisfy(fits)
    case .one, .any: values.contains(where: fits)
    case .all: values.allSatisfy(fits)
    }
  }

  private var holdsOfNothing: Bool {
    switch quantifier {
    case .one: comparison.isNegated
    case .all: true
    case .any: false
    }
  }
}

/// The name of a condition's operator, taken apart: `ForAnyValue:StringLikeIfExists`.
struct ConditionOperatorName {
  let quantifier: PolicyCondition.Quantifier
  let comparison: ConditionOperator
  let holdsIfAbsent: Bool

  /// Returns nil for an operator that there is not.
  init?(_ text: String) {
    var name = text[...]
    switch true {
    case name.hasPrefix("ForAllValues:"):
      (quantifier, name) = (.all, name.dropFirst("ForAllValues:".count))
    case name.hasPrefix("ForAnyValue:"):
      (quantifier, name) = (.any, name.dropFirst("ForAnyValue:".count))
    default: quantifier = .one
    }
    holdsIfAbsent = name.hasSuffix("IfExists")
    if holdsIfAbsent { name = name.dropLast("IfExists".count) }
    guard let comparison = ConditionOperator(rawValue: String(name)),
      comparison != .null || (quantifier == .one && !holdsIfAbsent)
    else { return nil }
    self.comparison = comparison
  }
}
