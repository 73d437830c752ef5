/// A name that is given once: to a key, a user or a role.
///
/// Four letters that say of what, and 80 random bits in base 32 (RFC 4648 section 6): twenty
/// characters, as AWS has them. The first letter differs from AWS's own `A`, so that nobody takes
/// one for the other.
package struct UniqueName: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case accessKey = "LKIA"
    case role = "LROA"
    /// An access key that goes with a session token.
    case temporaryKey = "LSIA"
    case user = "LIDA"
  }

  /// How many random bytes ``init(_:random:)`` needs.
  package static let randomByteCount = 10
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

  package let text: String

  /// - Precondition: at least ``randomByteCount`` bytes, from a cryptographic source.
  package init(_ kind: Kind, random: [UInt8]) {
    precondition(random.count >= Self.randomByteCount, "a unique name needs 10 random bytes")
    self.text = kind.rawValue + Self.base32(random[..<Self.randomByteCount])
  }

  private static func base32(_ bytes: ArraySlice<UInt8>) -> String {
    var text: [UInt8] = []
    var bits: UInt32 = 0
    var bitCount = 0
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      bitCount += 8
      while bitCount >= 5 {
        bitCount -= 5
        text.append(digits[Int(bits >> UInt32(bitCount) & 31)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
