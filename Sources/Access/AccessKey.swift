import Bytes

/// A long-lived key of a principal: what the AWS tools sign requests with.
package struct AccessKey: Hashable, Sendable {
  /// How many random bytes ``init(random:)`` needs: 10 for the name, 30 for the secret.
  package static let randomByteCount = nameByteCount + secretByteCount
  private static let nameByteCount = UniqueName.randomByteCount
  private static let secretByteCount = 30

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
    let secret = random[Self.nameByteCount..<Self.randomByteCount]
    self.init(
      id: UniqueName(.accessKey, random: random).text,
      secret: Base64.encode(Array(secret))
    )
  }
}
