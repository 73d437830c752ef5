/// The texts that begin with a prefix, as a half-open range in the order of their UTF-8 bytes.
struct PrefixRange {
  /// Beyond every name: none is longer than 255 characters, and no character is greater.
  private static let end = String(repeating: "\u{10FFFF}", count: 256)

  let lowerBound: String
  let upperBound: String

  init(_ prefix: String) {
    self.lowerBound = prefix
    self.upperBound = Self.successor(of: prefix) ?? Self.end
  }

  /// Returns the least text above all that begin with `prefix`; nil when there is none.
  private static func successor(of prefix: String) -> String? {
    var scalars = Array(prefix.unicodeScalars)
    while let last = scalars.popLast() {
      // The surrogates are no characters: what follows U+D7FF is U+E000.
      let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
      guard let scalar = Unicode.Scalar(next) else { continue }
      scalars.append(scalar)
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars)
      return String(text)
    }
    return nil
  }
}
