/// The versions that a dependency allows, in the notation of intervals (NuGet, "Version ranges").
package struct NuGetVersionRange: Hashable, Sendable {
  /// In the form of registration documents: `[1.0.0, )`.
  package let text: String
  /// In the shortest form: `1.0.0` where only a least version is given, as V2 feeds have it.
  package let shortText: String

  /// Every version.
  package static let all = NuGetVersionRange(text: "(, )", shortText: "")

  private init(text: String, shortText: String) {
    self.text = text
    self.shortText = shortText
  }

  /// Reads a range; nil for what is none.
  ///
  /// A floating version such as `1.*`, which only project files may have, is read as its least.
  package init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8).trimmed
    guard let first = bytes.first, let last = bytes.last else {
      self = .all
      return
    }
    let isInterval = first == UInt8(ascii: "[") || first == UInt8(ascii: "(")
    guard isInterval else {
      guard let version = Self.version(bytes) else { return nil }
      self.init(text: "[\(version), )", shortText: version)
      return
    }
    guard bytes.count >= 3, last == UInt8(ascii: "]") || last == UInt8(ascii: ")") else {
      return nil
    }
    let bounds = bytes.dropFirst().dropLast().split(
      separator: UInt8(ascii: ","),
      omittingEmptySubsequences: false
    )
    self.init(bounds, opens: first, closes: last)
  }

  private init?(_ bounds: [ArraySlice<UInt8>], opens: UInt8, closes: UInt8) {
    let texts = bounds.map { $0.trimmed.isEmpty ? "" : Self.version($0.trimmed) }
    guard 1...2 ~= texts.count, let least = texts[0], let most = texts[texts.count - 1] else {
      return nil
    }
    guard texts.count == 2 || !least.isEmpty else { return nil }
    let opening = least.isEmpty ? "(" : String(Unicode.Scalar(opens))
    let closing = most.isEmpty ? ")" : String(Unicode.Scalar(closes))
    let text = "\(opening)\(least), \(most)\(closing)"
    let isLeastAlone = opening == "[" && most.isEmpty
    self.init(text: text, shortText: text == "(, )" ? "" : isLeastAlone ? least : text)
  }

  private static func version(_ bytes: ArraySlice<UInt8>) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    if let version = NuGetVersion(text) { return version.text }
    guard text.hasSuffix("*") else { return nil }
    let fixed = text.dropLast().reversed().drop { $0 == "." || $0 == "-" }.reversed()
    return fixed.isEmpty ? "0.0.0" : NuGetVersion(String(fixed))?.text
  }
}
