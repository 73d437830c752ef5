/// How a value of a request is compared with a value of a policy.
///
/// Source: IAM user guide, "IAM JSON policy elements: Condition operators".
enum ConditionOperator: String, CaseIterable, Hashable, Sendable {
  case stringEquals = "StringEquals"
  case stringNotEquals = "StringNotEquals"
  case stringEqualsIgnoreCase = "StringEqualsIgnoreCase"
  case stringNotEqualsIgnoreCase = "StringNotEqualsIgnoreCase"
  case stringLike = "StringLike"
  case stringNotLike = "StringNotLike"
  case numericEquals = "NumericEquals"
  case numericNotEquals = "NumericNotEquals"
  case numericLessThan = "NumericLessThan"
  case numericLessThanEquals = "NumericLessThanEquals"
  case numericGreaterThan = "NumericGreaterThan"
  case numericGreaterThanEquals = "NumericGreaterThanEquals"
  case dateEquals = "DateEquals"
  case dateNotEquals = "DateNotEquals"
  case dateLessThan = "DateLessThan"
  case dateLessThanEquals = "DateLessThanEquals"
  case dateGreaterThan = "DateGreaterThan"
  case dateGreaterThanEquals = "DateGreaterThanEquals"
  case bool = "Bool"
  case binaryEquals = "BinaryEquals"
  case ipAddress = "IpAddress"
  case notIPAddress = "NotIpAddress"
  case arnEquals = "ArnEquals"
  case arnNotEquals = "ArnNotEquals"
  case arnLike = "ArnLike"
  case arnNotLike = "ArnNotLike"
  case null = "Null"

  /// What kind of values the operator compares.
  enum Family {
    case string, numeric, date, bool, binary, address, arn, presence
  }

  var family: Family {
    switch self {
    case .stringEquals, .stringNotEquals, .stringEqualsIgnoreCase, .stringNotEqualsIgnoreCase,
      .stringLike, .stringNotLike:
      .string
    case .numericEquals, .numericNotEquals, .numericLessThan, .numericLessThanEquals,
      .numericGreaterThan, .numericGreaterThanEquals:
      .numeric
    case .dateEquals, .dateNotEquals, .dateLessThan, .dateLessThanEquals, .dateGreaterThan,
      .dateGreaterThanEquals:
      .date
    case .bool: .bool
    case .binaryEquals: .binary
    case .ipAddress, .notIPAddress: .address
    case .arnEquals, .arnNotEquals, .arnLike, .arnNotLike: .arn
    case .null: .presence
    }
  }

  /// Whether the operator holds where its values do not match; so it holds too of what the request
  /// does not say.
  var isNegated: Bool {
    switch self {
    case .stringNotEquals, .stringNotEqualsIgnoreCase, .stringNotLike, .numericNotEquals,
      .dateNotEquals, .notIPAddress, .arnNotEquals, .arnNotLike:
      true
    default: false
    }
  }

  var ignoresCase: Bool { self == .stringEqualsIgnoreCase || self == .stringNotEqualsIgnoreCase }

  var hasWildcards: Bool { self == .stringLike || self == .stringNotLike }

  /// Which order of the request's value to the policy's the operator asks for; negation aside.
  func accepts<Value: Comparable>(_ value: Value, _ bound: Value) -> Bool {
    switch self {
    case .numericLessThan, .dateLessThan: value < bound
    case .numericLessThanEquals, .dateLessThanEquals: value <= bound
    case .numericGreaterThan, .dateGreaterThan: value > bound
    case .numericGreaterThanEquals, .dateGreaterThanEquals: value >= bound
    default: value == bound
    }
  }
}
