/// One statement of a policy.
package struct PolicyStatement: Hashable, Sendable {
  package let sid: String?
  package let effect: PolicyEffect
  /// `Principal` or `NotPrincipal`; nil in policies of identities.
  let principals: Selection<PolicyPrincipal>?
  /// `Action` or `NotAction`.
  let actions: Selection<ActionPattern>
  /// `Resource` or `NotResource`; nil in trust policies, which are about the role they stand with.
  let resources: Selection<ARNPattern>?
  /// All must hold.
  let conditions: [PolicyCondition]

  /// Every context key that the statement looks at, canonical.
  var keys: [String] {
    conditions.map(\.key) + conditions.flatMap(\.variables)
      + (resources?.items.flatMap(\.variables) ?? [])
  }
}

/// The values of an element such as `Action`, or of its negation, such as `NotAction`.
struct Selection<Item: Hashable & Sendable>: Hashable, Sendable {
  let items: [Item]
  let isNegated: Bool
}

/// A value of `Action`: `service:name` with wildcards, in any case, or `*`.
struct ActionPattern: Hashable, Sendable {
  private let pattern: PolicyPattern

  static let everything = ActionPattern("*")

  /// Returns nil for what is no action: no colon, no service before it, nothing behind it.
  init?(parsing text: String) {
    if text == "*" {
      self = .everything
      return
    }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty,
      parts[0].utf8.allSatisfy(Self.isOfService),
      parts[1].utf8.allSatisfy(Self.isOfName)
    else { return nil }
    self.init(text)
  }

  private init(_ text: String) {
    // Without variables every text is a pattern.
    self.pattern =
      PolicyPattern(text, hasWildcards: true, hasVariables: false, ignoresCase: true)
      ?? PolicyPattern.any
  }

  /// Whether the action, in small letters, is one of those meant.
  func matches(lowercased action: [UInt8]) -> Bool {
    pattern.matches(action)
  }

  private static func isOfService(_ byte: UInt8) -> Bool {
    switch byte.lowercasedASCII {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "-"): true
    default: false
    }
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte.lowercasedASCII {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
