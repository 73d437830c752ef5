import Access

/// Takes out of a text what looks like a secret, whoever wrote it there.
///
/// Secrets are never noted, but some come where none belongs: npm's `logout` puts its token into
/// the path, people paste tokens into names. So texts of clients go through this before they are
/// kept: our own tokens by their prefix, and JSON web tokens by theirs, in any percent-encoding of
/// their first letters that leaves the prefix readable.
package enum SecretMask {
  /// What CloudTrail writes in place of a secret.
  package static let hidden = "HIDDEN_DUE_TO_SECURITY_REASONS"
  /// A JSON web token begins with `{"` in base 64.
  private static let prefixes = [Array(AccessToken.prefix.utf8), Array("eyJ".utf8)]
  /// What a shorter run is: a word that begins like one.
  private static let shortestSecret = 12

  /// Returns `text` with each secret replaced.
  ///
  /// - Complexity: O(n); a text without one is returned as it is.
  package static func masking(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var copied = 0
    var index = 0
    while index < bytes.count {
      guard startsSecret(bytes, at: index) else {
        index += 1
        continue
      }
      var end = index
      while end < bytes.count, isSecretCharacter(bytes[end]) { end += 1 }
      if end - index >= shortestSecret {
        result += bytes[copied..<index]
        result += Array(hidden.utf8)
        copied = end
      }
      index = end
    }
    guard copied > 0 else { return text }
    return String(decoding: result + bytes[copied...], as: UTF8.self)
  }

  /// Returns `text` with what stands between single quotes hidden: messages about a refused
  /// signature repeat what the client sent.
  package static func hidingQuotes(in text: String) -> String {
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    guard parts.count > 2 else { return text }
    return parts.enumerated().map { $0.offset.isMultiple(of: 2) ? String($0.element) : "…" }
      .joined(separator: "'")
  }

  private static func startsSecret(_ bytes: [UInt8], at index: Int) -> Bool {
    prefixes.contains { prefix in
      bytes[index] == prefix[0] && bytes[index...].starts(with: prefix)
    }
  }

  /// The letters of base 64 in either alphabet, the dots of a web token, and escapes.
  private static func isSecretCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "+"),
      UInt8(ascii: "="), UInt8(ascii: "%"):
      true
    default: false
    }
  }
}
