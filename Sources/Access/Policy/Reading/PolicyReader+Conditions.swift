extension PolicyReader {
  /// The lines of a `Condition`: an object of operators, each an object of keys.
  func conditions(_ value: PolicyValue) throws(LocatedFault) -> [PolicyCondition] {
    var conditions: [PolicyCondition] = []
    for member in try value.members(of: "a condition") {
      guard let name = ConditionOperatorName(member.name) else {
        throw value.fault(at: member, "there is no condition operator \"\(member.name)\"")
      }
      let keys = try member.value.members(of: "a condition operator")
      guard !keys.isEmpty else { throw member.value.fault("the operator has no keys") }
      for key in keys {
        guard ConditionKey.isWellFormed(key.name) else {
          throw member.value.fault(
            at: key,
            "\"\(key.name)\" is no condition key, such as \"aws:SourceIp\""
          )
        }
        conditions.append(
          PolicyCondition(
            quantifier: name.quantifier,
            comparison: name.comparison,
            holdsIfAbsent: name.holdsIfAbsent,
            key: ConditionKey.canonical(key.name),
            operands: try operands(key.value, for: name.comparison)
          )
        )
      }
    }
    return conditions
  }

  private func operands(
    _ value: PolicyValue,
    for comparison: ConditionOperator
  ) throws(LocatedFault) -> [ConditionOperand] {
    var operands: [ConditionOperand] = []
    for element in try value.oneOrMore() {
      let text = try Self.text(element)
      guard
        let operand = ConditionOperand(text, for: comparison, hasVariables: hasVariables)
      else {
        throw element.fault("\"\(text)\" is nothing that \(comparison.rawValue) can compare")
      }
      operands.append(operand)
    }
    return operands
  }

  /// A value to compare with, which may be written as a string, a number or a boolean.
  private static func text(_ value: PolicyValue) throws(LocatedFault) -> String {
    switch value.content {
    case .string(let text), .number(let text): return text
    case .bool(let flag): return String(flag)
    default: throw value.fault("a value to compare with is expected here, not \(value.kind)")
    }
  }
}
