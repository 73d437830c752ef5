/// What a gem asks of a version: conditions that all must hold, such as `~> 2.0` and `>= 2.0.1`.
package struct GemRequirement: Hashable, Sendable {
  package struct Condition: Hashable, Sendable {
    package let comparison: String
    package let version: String

    package var text: String { "\(comparison) \(version)" }
  }

  package let conditions: [Condition]

  /// No condition at all, as RubyGems writes it.
  package static let anything = GemRequirement(
    conditions: [Condition(comparison: ">=", version: "0")]
  )

  /// How many conditions a specification may name in one requirement; RubyGems itself writes one or
  /// two.
  private static let mostConditions = 100

  private static let comparisons: Set<String> = ["=", "!=", ">", "<", ">=", "<=", "~>"]

  private init(conditions: [Condition]) {
    self.conditions = conditions
  }

  /// Reads conditions such as `>= 1.0`, or `1.0` for an exact version; nil when one is none.
  package init?(_ texts: [String]) {
    var conditions: [Condition] = []
    for text in texts {
      let trimmed = Array(text.utf8).trimmed
      let comparison = String(
        decoding: trimmed.prefix { !$0.isDigit && !$0.isLetter && $0 != 0x20 },
        as: UTF8.self
      )
      let version = String(
        decoding: trimmed.dropFirst(comparison.utf8.count).trimmed,
        as: UTF8.self
      )
      guard let condition = Self.condition(comparison.isEmpty ? "=" : comparison, version) else {
        return nil
      }
      conditions.append(condition)
    }
    self.conditions = conditions.isEmpty ? Self.anything.conditions : conditions
  }

  /// Reads what specifications have; nil when it is not understood, or has more than a hundred
  /// conditions.
  init?(_ value: YAMLValue?) {
    guard let value, !value.isNull else {
      self = .anything
      return
    }
    guard let items = value["requirements"]?.items, items.count <= Self.mostConditions else {
      return nil
    }
    var conditions: [Condition] = []
    for item in items {
      guard let pair = item.items, pair.count == 2, let comparison = pair[0].text,
        let version = (pair[1]["version"] ?? pair[1]).text,
        let condition = Self.condition(comparison, version)
      else { return nil }
      conditions.append(condition)
    }
    self.conditions = conditions.isEmpty ? Self.anything.conditions : conditions
  }

  /// Versions with a dash are how words were once written: `1.0-beta` is `1.0.pre.beta`.
  private static func condition(_ comparison: String, _ version: String) -> Condition? {
    guard version.utf8.count <= GemVersion.longest else { return nil }
    let version = version.replacing("-", with: ".pre.")
    guard comparisons.contains(comparison), GemVersion(version) != nil else { return nil }
    return Condition(comparison: comparison, version: version)
  }

  package var texts: [String] { conditions.map(\.text) }
}
