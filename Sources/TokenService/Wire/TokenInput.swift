import Bytes
import Exchange
import HTTPTypes

/// The parameters of a call, from a form or from a query, held against the model's limits.
struct TokenInput: Sendable {
  private static let version = "2011-06-15"
  private static let parameterLimit = 500

  private let values: [String: String]

  /// - Throws: ``TokenFault`` for what is no form, and for a name that comes twice.
  init(_ request: Request, body: [UInt8]) throws(TokenFault) {
    var pairs = try Self.pairs(in: request.target.rawQuery)
    switch request.method {
    case .get: break
    case .post:
      guard let text = String(validating: body, as: UTF8.self) else {
        throw .invalid("The body is no form: it is not UTF-8.")
      }
      pairs += try Self.pairs(in: text)
    default:
      throw TokenFault(.methodNotAllowed, "InvalidAction", "The service takes GET and POST.")
    }
    guard pairs.count <= Self.parameterLimit else {
      throw .invalid("The call has more than \(Self.parameterLimit) parameters.")
    }
    var values: [String: String] = [:]
    for (name, value) in pairs {
      guard values.updateValue(value, forKey: name) == nil else {
        throw .invalid("The parameter \(name.prefix(100)) comes twice.")
      }
    }
    self.values = values
  }

  /// Reads `name=value&…`; here a `+` is a space (WHATWG URL, "application/x-www-form-urlencoded
  /// parsing").
  private static func pairs(in text: String) throws(TokenFault) -> [(String, String)] {
    var pairs: [(String, String)] = []
    for pair in text.split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = decoded(sides[0]), let value = decoded(sides.count > 1 ? sides[1] : "")
      else { throw .invalid("The parameters are not percent-encoded UTF-8.") }
      pairs.append((name, value))
    }
    return pairs
  }

  private static func decoded(_ text: Substring) -> String? {
    PercentEncoding.decode(text.replacing("+", with: " "))
  }

  func action() throws(TokenFault) -> TokenAction {
    guard let name = values["Action"] else {
      throw TokenFault(
        .badRequest,
        "MissingAction",
        "This is the Security Token Service of Larder; a call has the parameters Action and "
          + "Version."
      )
    }
    guard let action = TokenAction(rawValue: name), values["Version"] == Self.version else {
      throw TokenFault(
        .badRequest,
        "InvalidAction",
        "Could not find operation \(name.prefix(100)) for version "
          + "\(values["Version"]?.prefix(100) ?? "NO_VERSION_SPECIFIED")"
      )
    }
    return action
  }
}

extension TokenInput {
  func optional(_ name: String) -> String? { values[name] }

  func required(_ name: String, _ lengths: ClosedRange<Int>) throws(TokenFault) -> String {
    guard let value = values[name] else {
      throw Self.violation(name, "null", "Member must not be null")
    }
    let count = value.unicodeScalars.count
    guard lengths.contains(count) else {
      throw Self.violation(
        name,
        "'\(value.prefix(200))'",
        count < lengths.lowerBound
          ? "Member must have length greater than or equal to \(lengths.lowerBound)"
          : "Member must have length less than or equal to \(lengths.upperBound)"
      )
    }
    return value
  }

  func optional(_ name: String, _ lengths: ClosedRange<Int>) throws(TokenFault) -> String? {
    guard values[name] != nil else { return nil }
    return try required(name, lengths)
  }

  /// `RoleSessionName`: `[\w+=,.@-]{2,64}`.
  func sessionName() throws(TokenFault) -> String {
    let name = try required("RoleSessionName", 2...64)
    guard name.utf8.allSatisfy(Self.isOfName) else {
      throw Self.violation(
        "roleSessionName",
        "'\(name)'",
        "Member must satisfy regular expression pattern: [\\w+=,.@-]*"
      )
    }
    return name
  }

  func seconds(_ range: ClosedRange<Int64>, default standard: Int64) throws(TokenFault) -> Int64 {
    guard let text = values["DurationSeconds"] else { return standard }
    guard let seconds = Int64(text), range.contains(seconds) else {
      throw Self.violation(
        "durationSeconds",
        "'\(text.prefix(50))'",
        "Member must have value between \(range.lowerBound) and \(range.upperBound)"
      )
    }
    return seconds
  }

  /// `Tags.member.N.Key` and `Tags.member.N.Value`, N from 1 on without a gap.
  func tags() throws(TokenFault) -> [String: String] {
    var tags: [String: String] = [:]
    var known: Set<String> = []
    var number = 1
    while values["Tags.member.\(number).Key"] != nil {
      let key = try required("Tags.member.\(number).Key", 1...128)
      let value = try required("Tags.member.\(number).Value", 0...256)
      guard known.insert(key.lowercased()).inserted else {
        throw .invalid("Duplicate tag keys found. Please note that tag keys are case insensitive.")
      }
      tags[key] = value
      number += 1
    }
    guard tags.count <= 50 else { throw .invalid("A session has at most 50 tags.") }
    let others = values.keys.contains { $0.hasPrefix("Tags.") && !Self.isTag($0, upTo: number - 1) }
    guard !others else { throw .invalid("The tags are not numbered from 1 on without a gap.") }
    return tags
  }

  private static func isTag(_ name: String, upTo count: Int) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[1] == "member", let number = Int(parts[2]) else { return false }
    return (1...max(1, count)).contains(number) && count > 0
      && (parts[3] == "Key" || parts[3] == "Value")
  }

  /// Refuses what would narrow or mark a session and is not served: taking it in silence would give
  /// more than was asked for.
  func refuse(_ names: String...) throws(TokenFault) {
    for name in names {
      let isThere = values.keys.contains { $0 == name || $0.hasPrefix(name + ".") }
      guard !isThere else { throw .invalid("This server does not take the parameter \(name).") }
    }
  }

  static func violation(_ name: String, _ value: String, _ constraint: String) -> TokenFault {
    .invalid(
      "1 validation error detected: Value \(value) at '\(name)' failed to satisfy constraint: "
        + constraint
    )
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "_+=,.@-".utf8.contains(byte)
    }
  }
}
