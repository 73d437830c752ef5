/// The identity of a package in a registry: a scope and a name (SE-0292, "Package identity").
///
/// Both are compared without case; the spelling is kept for those who read it.
package struct SwiftPackageIdentity: Sendable {
  /// As spelt.
  package let scope: String
  /// As spelt.
  package let name: String

  private static let longestScope = 39
  private static let longestName = 100

  /// Nil when one of the two breaks the grammar: ASCII letters and digits with single hyphens
  /// between them, in names single underscores too; up to 39 and 100 characters.
  package init?(scope: String, name: String) {
    guard Self.isValid(scope, upTo: Self.longestScope, separators: [0x2D]),
      Self.isValid(name, upTo: Self.longestName, separators: [0x2D, 0x5F])
    else { return nil }
    self.scope = scope
    self.name = name
  }

  /// The scope by which it is found.
  package var normalizedScope: String { Self.lowercase(scope) }
  /// The name by which it is found.
  package var normalizedName: String { Self.lowercase(name) }

  /// `scope.name`, as spelt.
  package var text: String { "\(scope).\(name)" }

  private static func isValid(
    _ text: String,
    upTo longest: Int,
    separators: Set<UInt8>
  ) -> Bool {
    guard 1...longest ~= text.utf8.count else { return false }
    var isBetween = false
    for byte in text.utf8 {
      if byte.isLetter || byte.isDigit {
        isBetween = true
      } else {
        guard isBetween, separators.contains(byte) else { return false }
        isBetween = false
      }
    }
    return isBetween
  }

  private static func lowercase(_ text: String) -> String {
    String(decoding: text.utf8.map(\.lowercased), as: UTF8.self)
  }
}
