internal import Bytes

/// Which texts may name generic packages and their files.
package enum GenericName {
  /// How long a name may be, in characters (CodeArtifact API 2018-09-22, `PackageName`,
  /// `AssetName`).
  private static let maximumCount = 255
  /// What an asset's name may have besides letters, digits and spaces (CodeArtifact user guide,
  /// "Generic packages overview").
  package static let assetCharacters = "~!@^&()-_+[]{};,.`"

  /// A namespace, a package's name or a version (`[^#/\s]{1,255}`), composed.
  package static func isName(_ text: String) -> Bool {
    1...maximumCount ~= text.unicodeScalars.count && text != "." && text != ".."
      && text.isComposed
      && text.unicodeScalars.allSatisfy { scalar in
        scalar != "#" && scalar != "/" && scalar != "\\" && !scalar.properties.isWhitespace
          && scalar.properties.generalCategory != .control
          && scalar.properties.generalCategory != .format
      }
  }

  /// The name of a file: letters and digits of any script, ``assetCharacters``, and single spaces
  /// inside; composed.
  package static func isAsset(_ text: String) -> Bool {
    let scalars = text.unicodeScalars
    return 1...maximumCount ~= scalars.count && text != "." && text != ".."
      && text.isComposed && scalars.first != " " && scalars.last != " " && !text.contains("  ")
      && scalars.allSatisfy { isLetterOrDigit($0) || $0 == " " || marks.contains($0) }
  }

  private static let marks = Set(assetCharacters.unicodeScalars)

  private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .lowercaseLetter, .modifierLetter, .otherLetter, .titlecaseLetter, .uppercaseLetter,
      .letterNumber, .decimalNumber:
      true
    default: false
    }
  }
}
