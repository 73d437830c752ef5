/// The identifier of a NuGet package (NuGet, "nuspec reference", `id`).
///
/// Compared without case, by its lowercase form; the spelling of its publisher is shown.
package struct NuGetIdentifier: Sendable {
  /// As spelt.
  package let text: String
  /// The form by which it is found, and which stands in addresses.
  package var key: String { String(decoding: text.utf8.map(\.lowercased), as: UTF8.self) }

  private static let longest = 100

  /// Nil unless it is words of ASCII letters, digits and `_` with single dots or hyphens between
  /// them, 100 characters at most.
  ///
  /// NuGet's own pattern lets letters of every script in; the public gallery has long taken ASCII
  /// alone, so that no two identifiers look the same.
  package init?(_ text: String) {
    guard 1...Self.longest ~= text.utf8.count else { return nil }
    var isInWord = false
    for byte in text.utf8 {
      if byte.isLetter || byte.isDigit || byte == 0x5F {
        isInWord = true
      } else {
        guard isInWord, byte == 0x2E || byte == 0x2D else { return nil }
        isInWord = false
      }
    }
    guard isInWord else { return nil }
    self.text = text
  }
}
