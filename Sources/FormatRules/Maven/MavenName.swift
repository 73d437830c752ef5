internal import Bytes

/// Which texts may name things in a Maven repository (Maven's `DefaultModelValidator`).
///
/// Every name is one segment of a path and nothing else: separators, control characters and the two
/// names that mean a directory are out, so no path can leave its package. All are composed
/// (``Swift/String/isComposed``).
package enum MavenName {
  /// How long a name may be, in bytes (CodeArtifact API 2018-09-22, `PackageName`).
  private static let maximumByteCount = 255

  /// One part of a group's name between its dots.
  package static func isGroupPart(_ text: String) -> Bool {
    isIdentifier(text) && !text.utf8.contains(UInt8(ascii: "."))
  }

  package static func isGroup(_ text: String) -> Bool {
    text.utf8.count <= maximumByteCount
      && text.split(separator: ".", omittingEmptySubsequences: false)
        .allSatisfy { isGroupPart(String($0)) }
  }

  /// Letters, digits, `_`, `-` and `.` of ASCII.
  package static func isArtifact(_ text: String) -> Bool {
    isIdentifier(text)
  }

  /// Anything but what Maven forbids in versions: blanks, and the characters of paths and of
  /// ranges.
  package static func isVersion(_ text: String) -> Bool {
    isSegment(text)
      && text.unicodeScalars.allSatisfy { !"\\/:\"<>|?*[](){},".unicodeScalars.contains($0) }
  }

  /// A file's name: anything that is one segment of a path.
  package static func isFile(_ text: String) -> Bool {
    isSegment(text)
  }

  private static func isIdentifier(_ text: String) -> Bool {
    isSegment(text)
      && text.utf8.allSatisfy {
        $0.isLetter || $0.isDigit || $0 == 0x5F || $0 == 0x2D || $0 == 0x2E
      }
  }

  private static func isSegment(_ text: String) -> Bool {
    1...maximumByteCount ~= text.utf8.count && text != "." && text != ".." && text.isComposed
      && text.unicodeScalars.allSatisfy {
        $0 != "/" && $0 != "\\" && $0.properties.generalCategory != .control
          && $0.properties.generalCategory != .format
      } && text.first?.isWhitespace == false && text.last?.isWhitespace == false
  }
}
