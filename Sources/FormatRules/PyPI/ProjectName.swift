/// A Python project's name: as someone spelt it, and as the index compares it.
///
/// Two names are equal when their normal forms are (PEP 503), so `Flask_Login`, `flask-login` and
/// `FLASK.login` name one project.
package struct ProjectName: Sendable {
  /// The name as it was given.
  package let spelling: String
  /// The name in lower case, with every run of `-`, `_` and `.` as one `-` (PEP 503).
  package let normalized: String

  /// Accepts a name as PEP 508 defines it: ASCII letters, digits, `-`, `_` and `.`, beginning and
  /// ending with a letter or digit.
  ///
  /// Returns nil for anything else.
  package init?(_ spelling: some StringProtocol) {
    let bytes = Array(spelling.utf8)
    guard let first = bytes.first, let last = bytes.last, Self.isAlphanumeric(first),
      Self.isAlphanumeric(last),
      bytes.allSatisfy({ Self.isAlphanumeric($0) || Self.isSeparator($0) })
    else { return nil }
    self.spelling = String(spelling)
    self.normalized = Self.normalize(spelling)
  }

  /// Returns the PEP 503 form of any text, valid name or not.
  package static func normalize(_ text: some StringProtocol) -> String {
    var result: [UInt8] = []
    var afterSeparator = false
    for byte in text.utf8 {
      let separates = isSeparator(byte)
      if !separates {
        result.append(byte.lowercased)
      } else if !afterSeparator {
        result.append(UInt8(ascii: "-"))
      }
      afterSeparator = separates
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The normal form with `_` for `-`, as wheels and modern source distributions write it in their
  /// file names (binary distribution format, "Escaping and Unicode").
  package var fileNameForm: String {
    String(decoding: normalized.utf8.map { $0 == 0x2D ? 0x5F : $0 }, as: UTF8.self)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool { byte.isDigit || byte.isLetter }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
  }
}

extension ProjectName: Hashable {
  package static func == (left: ProjectName, right: ProjectName) -> Bool {
    left.normalized == right.normalized
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(normalized)
  }
}

extension ProjectName: Comparable {
  package static func < (left: ProjectName, right: ProjectName) -> Bool {
    left.normalized < right.normalized
  }
}

extension ProjectName: CustomStringConvertible {
  package var description: String { normalized }
}
