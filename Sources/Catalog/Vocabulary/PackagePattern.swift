/// Which packages something applies to: `*`, `npm/@acme/*`, `maven/org.apache.*`, `pypi/requests`.
///
/// A `*` stands for any run of characters, slashes too; everything else for itself. What is matched
/// is ``PackageCoordinates/spelling``.
package struct PackagePattern: Hashable, Sendable {
  package let text: String

  /// Makes a pattern; nil for a text that can match no package: one that does not begin with a
  /// format and a slash, or with `*`, or that holds blanks or control characters.
  package init?(_ text: String) {
    let isPlain = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
    guard isPlain, text.utf8.count <= Self.longest, Self.beginsAsPackage(text) else { return nil }
    self.text = text
  }

  /// In bytes: longer than any format, namespace and name together.
  private static let longest = 600

  private static func beginsAsPackage(_ text: String) -> Bool {
    if text.hasPrefix("*") { return true }
    guard let slash = text.firstIndex(of: "/") else { return false }
    let format = PackageFormat(rawValue: String(text[..<slash]))
    return format != nil && text.index(after: slash) < text.endIndex
  }

  package func matches(_ package: PackageCoordinates) -> Bool {
    Self.matches(Array(package.spelling.utf8)[...], Array(text.utf8)[...])
  }

  /// Whether `text` is one of those that `pattern` stands for.
  ///
  /// Each star first takes nothing, and one byte more whenever the rest does not fit; only the last
  /// star met is ever gone back to, because what the earlier ones took already fits.
  /// - Complexity: O(n · m) in the two lengths.
  private static func matches(_ text: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
    var text = text
    var pattern = pattern
    var retry: (text: ArraySlice<UInt8>, pattern: ArraySlice<UInt8>)?
    while let byte = text.first {
      if pattern.first == UInt8(ascii: "*") {
        pattern = pattern.dropFirst()
        retry = (text.dropFirst(), pattern)
      } else if pattern.first == byte {
        (text, pattern) = (text.dropFirst(), pattern.dropFirst())
      } else if let last = retry {
        (text, pattern) = last
        retry = (last.text.dropFirst(), last.pattern)
      } else {
        return false
      }
    }
    return pattern.allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

extension PackagePattern: CustomStringConvertible {
  package var description: String { text }
}
