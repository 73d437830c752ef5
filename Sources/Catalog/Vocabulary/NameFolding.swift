/// What is left of a name when everything is taken away that people overlook.
///
/// Two names that fold to the same text can be taken for one another, so a package group that means
/// one of them also guards the other (CodeArtifact user guide, "Package group definition syntax and
/// matching behavior", variations): case is folded, every run of `-`, `.` and `_` becomes one `.`,
/// invisible characters go, fullwidth forms become ASCII, and characters that look alike become one
/// (``Confusables``).
enum NameFolding {
  private static let lookalikes: [Unicode.Scalar: String] = {
    var found: [Unicode.Scalar: String] = [:]
    for (target, sources) in Confusables.table {
      for source in sources.split(separator: " ") {
        let scalar = UInt32(source, radix: 16).flatMap(Unicode.Scalar.init)
        if let scalar { found[scalar] = target }
      }
    }
    return found
  }()

  /// Folds a name, or names with slashes between them.
  ///
  /// - Complexity: O(n).
  static func fold(_ text: String) -> String {
    var folded = String.UnicodeScalarView()
    // Lowercase of uppercase is what Unicode's full case folding comes to but for a few letters
    // that have no pair.
    for character in text.uppercased().lowercased().unicodeScalars {
      let scalar = halfWidth(character)
      if let target = lookalikes[scalar] {
        for other in target.unicodeScalars { append(other, to: &folded) }
      } else if scalar.isASCII || !scalar.properties.isDefaultIgnorableCodePoint {
        append(scalar, to: &folded)
      }
    }
    return String(folded)
  }

  /// The ASCII character of which this is the fullwidth form, or itself.
  private static func halfWidth(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    guard 0xFF01...0xFF5E ~= scalar.value else { return scalar }
    return Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
  }

  private static func append(_ scalar: Unicode.Scalar, to text: inout String.UnicodeScalarView) {
    guard scalar == "-" || scalar == "." || scalar == "_" else { return text.append(scalar) }
    if text.last != "." { text.append(".") }
  }
}

extension Unicode.Scalar {
  /// Whether it goes on with a word: letters, digits and the marks on them,
  /// `[\p{L}\p{N}\p{M}]` (CodeArtifact user guide, "Words, word boundaries, and prefix matching").
  var continuesWord: Bool {
    if isASCII {
      return ("a"..."z").contains(self) || ("A"..."Z").contains(self) || ("0"..."9").contains(self)
    }
    return switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark, .enclosingMark:
      true
    default: false
    }
  }
}
