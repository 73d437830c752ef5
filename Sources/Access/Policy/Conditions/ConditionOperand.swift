internal import Bytes

/// A value that a policy compares with, read as its operator's kind when the policy is.
enum ConditionOperand: Hashable, Sendable {
  case text(PolicyPattern)
  case number(Double)
  /// Microseconds since 1970.
  case time(Int64)
  case flag(Bool)
  case binary([UInt8])
  case addresses(AddressRange)
  case name(ARNPattern)

  /// Reads a value for an operator; nil for one of another kind.
  ///
  /// Variables are for strings and resource names only.
  init?(_ text: String, for comparison: ConditionOperator, hasVariables: Bool) {
    switch comparison.family {
    case .string:
      guard
        let pattern = PolicyPattern(
          text,
          hasWildcards: comparison.hasWildcards,
          hasVariables: hasVariables
        )
      else { return nil }
      self = .text(pattern)
    case .numeric:
      guard let number = Self.number(text) else { return nil }
      self = .number(number)
    case .date:
      guard let time = PolicyTime.microseconds(text) else { return nil }
      self = .time(time)
    case .bool, .presence:
      guard let flag = Bool(text.lowercased()) else { return nil }
      self = .flag(flag)
    case .binary:
      guard let bytes = Base64.decodePadded(text) else { return nil }
      self = .binary(bytes)
    case .address:
      guard let range = AddressRange(text) else { return nil }
      self = .addresses(range)
    case .arn:
      guard let name = ARNPattern(text, hasVariables: hasVariables) else { return nil }
      self = .name(name)
    }
  }

  var variables: [String] {
    switch self {
    case .text(let pattern): pattern.variables
    case .name(let pattern): pattern.variables
    default: []
    }
  }

  /// The value with the request's own in the place of variables; nil when the request lacks one.
  func resolved(for request: AccessRequest) -> ConditionOperand? {
    switch self {
    case .text(let pattern): pattern.resolved(for: request).map(ConditionOperand.text)
    case .name(let pattern): pattern.resolved(for: request).map(ConditionOperand.name)
    default: self
    }
  }

  /// Whether a value of the request is what the operator, but for its negation, asks for.
  func fits(_ value: String, by comparison: ConditionOperator) -> Bool {
    switch self {
    case .text(let pattern):
      guard comparison.ignoresCase else { return pattern.matches(Array(value.utf8)) }
      return pattern.lowercased.matches(Array(value.lowercased().utf8))
    case .number(let bound):
      return Self.number(value).map { comparison.accepts($0, bound) } ?? false
    case .time(let bound):
      return PolicyTime.microseconds(value).map { comparison.accepts($0, bound) } ?? false
    case .flag(let flag): return Bool(value.lowercased()) == flag
    case .binary(let bytes): return Base64.decodePadded(value) == bytes
    case .addresses(let range): return range.contains(value)
    case .name(let name): return name.matches(value)
    }
  }

  private static func number(_ text: String) -> Double? {
    guard let number = Double(text), number.isFinite,
      text.utf8.allSatisfy({ byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
          UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
          true
        default: false
        }
      })
    else { return nil }
    return number
  }
}
