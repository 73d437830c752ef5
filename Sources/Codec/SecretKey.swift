package import Bytes
internal import Crypto

/// A secret of 32 bytes: what ciphers are keyed with and other keys are derived from.
///
/// Its memory is wiped when the last copy goes. Nothing prints it.
package struct SecretKey: Sendable {
  /// The size of a key, in bytes.
  package static let byteCount = 32

  let key: SymmetricKey

  /// Takes ``byteCount`` bytes that nobody can guess; nil for any other count.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.key = SymmetricKey(data: bytes)
  }

  private init(_ key: SymmetricKey) {
    self.key = key
  }

  /// Makes a key of the system's randomness.
  package static func random() -> SecretKey { SecretKey(SymmetricKey(size: .bits256)) }

  /// Returns the key that this one gives for a purpose: HKDF-SHA-256 (RFC 5869) without salt, which
  /// a key that is random already does not need (3.1 there).
  package func derived(for purpose: String) -> SecretKey {
    SecretKey(
      HKDF<SHA256>.deriveKey(
        inputKeyMaterial: key,
        info: Array(purpose.utf8),
        outputByteCount: Self.byteCount
      )
    )
  }

  /// Returns one key of many that this one gives: the second half of HKDF-SHA-256 alone, for a key
  /// that came out of ``derived(for:)``.
  ///
  /// About a microsecond.
  package func expanded(with info: [UInt8]) -> SecretKey {
    SecretKey(
      HKDF<SHA256>.expand(pseudoRandomKey: key, info: info, outputByteCount: Self.byteCount)
    )
  }

  /// Returns the HMAC-SHA-256 (RFC 2104) of bytes.
  package func authentication(of bytes: [UInt8]) -> Bytes.SHA256Digest {
    var words: [UInt64] = []
    var word: UInt64 = 0
    for (number, byte) in HMAC<SHA256>.authenticationCode(for: bytes, using: key).enumerated() {
      word = word << 8 | UInt64(byte)
      if number % 8 == 7 { words.append(word) }
    }
    return Bytes.SHA256Digest(words: (words[0], words[1], words[2], words[3]))
  }

  /// Lends the key's bytes, which are not to be kept.
  package func withBytes<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    // SAFETY: the key lives through the call, and the span cannot outlive it.
    try unsafe key.withUnsafeBytes { bytes in
      try body(unsafe Span(_unsafeBytes: bytes))
    }
  }
}

extension SecretKey: CustomStringConvertible, CustomReflectable {
  /// Says that there is a key, and not which.
  package var description: String { "a secret key" }

  /// Shows nothing to those who look inside.
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
