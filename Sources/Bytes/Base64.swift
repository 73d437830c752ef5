/// Base 64 as RFC 4648 has it: sections 4 (`+` and `/`, padded) and 5 (`-` and `_`, unpadded).
package enum Base64 {
  static let standard = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
  )
  private static let urlSafe = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8
  )

  /// Returns the padded text of section 4.
  package static func encode(_ bytes: [UInt8]) -> String {
    var text = digits(of: bytes, from: standard)
    while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Returns the unpadded text of section 5, which needs no escape in a URL or a header.
  package static func encodeForURL(_ bytes: [UInt8]) -> String {
    String(decoding: digits(of: bytes, from: urlSafe), as: UTF8.self)
  }

  /// Returns the bytes that `text` spells in the alphabet of section 4, or nil.
  ///
  /// Padding may be missing: some clients' `.netrc` and URL handling drops it, and it carries
  /// nothing. What follows padding, and any other character, is an error.
  package static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var characters = Array(text.utf8)
    var padding = 0
    while padding < 2, characters.last == UInt8(ascii: "=") {
      characters.removeLast()
      padding += 1
    }
    guard characters.count % 4 != 1 else { return nil }
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var bitCount = 0
    for character in characters {
      guard let value = value(of: character) else { return nil }
      bits = bits << 6 | UInt32(value)
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
      }
    }
    return bytes
  }

  /// Returns the bytes that `text` spells with all of its padding; nil when it spells none.
  package static func decodePadded(_ text: String) -> [UInt8]? {
    decodePadded(Array(text.utf8)[...])
  }

  /// Returns the bytes that `text` spells with all of its padding; nil when it spells none.
  package static func decodePadded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var decoder = Base64Decoder()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    guard decoder.feed(text, into: &bytes), decoder.finish(into: &bytes) else { return nil }
    return bytes
  }

  /// Returns the bytes that `text` spells in the alphabet of section 5; nil when it is not what
  /// ``encodeForURL(_:)`` writes, so that no two texts mean the same.
  package static func decodeForURL(_ text: String) -> [UInt8]? {
    let plain = text.replacing("-", with: "+").replacing("_", with: "/")
    guard let bytes = decode(plain), encodeForURL(bytes) == text else { return nil }
    return bytes
  }

  private static func digits(of bytes: [UInt8], from alphabet: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    var bits: UInt32 = 0
    var bitCount = 0
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      bitCount += 8
      while bitCount >= 6 {
        bitCount -= 6
        text.append(alphabet[Int(bits >> UInt32(bitCount) & 63)])
      }
    }
    if bitCount > 0 {
      text.append(alphabet[Int(bits << UInt32(6 - bitCount) & 63)])
    }
    return text
  }

  private static func value(of character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
