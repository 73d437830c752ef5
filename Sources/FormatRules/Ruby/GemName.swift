/// The names of gems, and what else may stand in the name of a gem's file (RubyGems guides,
/// "Name your gem"; rubygems.org, `Patterns`).
package enum GemName {
  /// How long a name may be, in bytes: with version and platform it becomes a file's name.
  package static let longest = 150

  /// Whether a text is a gem's name: ASCII letters, digits, `.`, `-` and `_`, at least one letter,
  /// and no separator at its beginning.
  ///
  /// Whatever passes is safe in a path. Case counts.
  package static func isValid(_ text: some StringProtocol) -> Bool {
    guard 1...longest ~= text.utf8.count, let first = text.utf8.first,
      first.isLetter || first.isDigit
    else { return false }
    return text.utf8.allSatisfy(isNameByte) && text.utf8.contains(where: \.isLetter)
  }

  /// Whether a text is a platform, such as `java` or `x86_64-linux`.
  package static func isPlatform(_ text: some StringProtocol) -> Bool {
    text.utf8.count <= 60 && text.utf8.first?.isLetter == true && text.utf8.allSatisfy(isNameByte)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte.isLetter || byte.isDigit || byte == 0x2D || byte == 0x2E || byte == 0x5F
  }
}
