import Bytes

/// A long-lived key of a principal: what the AWS tools sign requests with.
package struct AccessKey: Hashable, Sendable {
  /// How many random bytes ``init(random:)`` needs: 10 for the name, 30 for the secret.
  package static let randomByteCount = nameByteCount + secretByteCount
  private static let nameByteCount = 10
  private static let secretByteCount = 30
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

  /// The key's public name, twenty characters as AWS has them.
  package let id: String
  /// The shared secret, forty characters.
  package let secret: String
  /// Goes with temporary credentials only.
  package let sessionToken: String?

  package init(id: String, secret: String, sessionToken: String? = nil) {
    self.id = id
    self.secret = secret
    self.sessionToken = sessionToken
  }

  /// Makes a key of random bytes: `LKIA` and 80 bits in base 32 (RFC 4648 section 6) for the name,
  /// 240 bits in base 64 for the secret.
  ///
  /// The first letter differs from AWS's own `AKIA`, so that nobody takes one for the other.
  ///
  /// - Precondition: at least ``randomByteCount`` bytes, from a cryptographic source.
  package init(random: [UInt8]) {
    precondition(random.count >= Self.randomByteCount, "an access key needs 40 random bytes")
    let name = random[..<Self.nameByteCount]
    let secret = random[Self.nameByteCount..<Self.randomByteCount]
    self.init(id: "LKIA" + Self.base32(name), secret: Base64.encode(Array(secret)))
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
