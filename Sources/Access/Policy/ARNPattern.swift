/// A resource name with wildcards, as policies write it: each of its six parts is matched on its
/// own, so that a `*` never reaches over a colon, but for the last part, which has all the rest.
///
/// Source: IAM user guide, "Resource" and "ArnLike".
struct ARNPattern: Hashable, Sendable {
  /// Six, or none for `*`, which stands for everything.
  let parts: [PolicyPattern]

  static let everything = ARNPattern(parts: [])

  private init(parts: [PolicyPattern]) {
    self.parts = parts
  }

  /// Returns nil for what is neither `*` nor a name of six parts.
  init?(_ text: String, hasVariables: Bool) {
    if text == "*" {
      self = .everything
      return
    }
    let texts = Self.split(text)
    guard texts.count == 6, texts[0] == "arn", !texts[1].isEmpty, !texts[2].isEmpty,
      !texts[5].isEmpty
    else { return nil }
    var parts: [PolicyPattern] = []
    for text in texts {
      guard
        let part = PolicyPattern(text, hasWildcards: true, hasVariables: hasVariables)
      else { return nil }
      parts.append(part)
    }
    self.parts = parts
  }

  var variables: [String] { parts.flatMap(\.variables) }

  func resolved(for request: AccessRequest) -> ARNPattern? {
    var resolved: [PolicyPattern] = []
    for part in parts {
      guard let part = part.resolved(for: request) else { return nil }
      resolved.append(part)
    }
    return ARNPattern(parts: resolved)
  }

  /// Whether the name, which may be `*` for what has none, is one of those meant; the pattern has
  /// no variables.
  func matches(_ name: String) -> Bool { matches(parts: Self.parts(of: name)) }

  /// As ``matches(_:)``, of a name that was taken apart before.
  func matches(parts names: [[UInt8]]) -> Bool {
    guard !parts.isEmpty else { return true }
    guard names.count == 6 else { return false }
    return zip(parts, names).allSatisfy { part, name in part.matches(name) }
  }

  /// The parts of a name, six at most; a colon is a byte of its own in UTF-8.
  static func parts(of name: String) -> [[UInt8]] {
    Array(name.utf8)
      .split(separator: UInt8(ascii: ":"), maxSplits: 5, omittingEmptySubsequences: false)
      .map(Array.init)
  }

  /// The six parts of a name in which a colon may also stand in a variable.
  private static func split(_ text: String) -> [String] {
    var parts: [String] = [""]
    var depth = 0
    for character in text {
      switch character {
      case "{": depth += 1
      case "}": depth = max(0, depth - 1)
      case ":" where depth == 0 && parts.count < 6:
        parts.append("")
        continue
      default: break
      }
      parts[parts.count - 1].append(character)
    }
    return parts
  }
}
