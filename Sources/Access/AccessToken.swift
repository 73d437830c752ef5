package import Bytes

/// A bearer's secret that package managers present: opaque text, good for one domain.
///
/// It names nothing and carries nothing: what it is good for, for how long and by whose leave is
/// looked up by its digest, so that a copy of the catalog holds no usable token and rights are
/// judged when it is used. Short on purpose: AWS's own are long enough to break the Windows
/// Credential Manager.
package struct AccessToken: Hashable, Sendable {
  /// How many random bytes go into a token: 256 bits, beyond guessing.
  package static let randomByteCount = 32
  /// What every token begins with, so that people and secret scanners know one when they see it.
  package static let prefix = "larder_"

  /// The prefix and the random bytes in base 64 for URLs: 50 characters that need no escape in a
  /// header, a URL's user part or a shell.
  package let text: String

  /// Makes a token of random bytes.
  ///
  /// - Precondition: at least ``randomByteCount`` bytes, from a cryptographic source.
  package init(random: [UInt8]) {
    precondition(random.count >= Self.randomByteCount, "a token needs 32 random bytes or more")
    self.text = Self.prefix + Base64.encodeForURL(random)
  }

  /// What is stored instead of the token.
  package var digest: SHA256Digest { Self.digest(of: text) }

  /// Returns what a presented token is looked up by: the SHA-256 of its text.
  ///
  /// A plain digest is enough where the input has 256 random bits; and looking up by digest leaves
  /// no comparison whose duration could be measured.
  package static func digest(of text: String) -> SHA256Digest {
    PayloadHash.sha256(Array(text.utf8))
  }
}
