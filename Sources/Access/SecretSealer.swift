import Crypto

/// Keeps access-key secrets unreadable at rest: AES-256-GCM (NIST SP 800-38D).
///
/// Signature version 4 needs the secret itself, so it cannot be stored as a digest. A copy of the
/// catalog without the sealing key, which lies beside it in a file of its own, gives none away.
///
/// ```
///  0         1                  13                    n-16      n
///  +---------+------------------+---------------------+---------+
///  | version | nonce (12 bytes) | encrypted secret    | tag     |
///  +---------+------------------+---------------------+---------+
/// ```
package struct SecretSealer: Sendable {
  /// The size of a sealing key in bytes.
  package static let keyByteCount = 32
  /// The size of a nonce in bytes.
  package static let nonceByteCount = 12
  private static let tagByteCount = 16
  private static let version: UInt8 = 1

  private let key: SymmetricKey

  /// Takes a key of exactly ``keyByteCount`` random bytes; nil for any other count.
  package init?(key: [UInt8]) {
    guard key.count == Self.keyByteCount else { return nil }
    self.key = SymmetricKey(data: key)
  }

  /// Returns `secret`, encrypted and bound to `context`.
  ///
  /// The nonce is ``nonceByteCount`` random bytes, never used twice with one key. The context is
  /// what the secret belongs to, such as its access key's name: a sealed secret moved to another
  /// row does not open there.
  ///
  /// - Throws: ``SealingError/badNonce``.
  package func seal(
    _ secret: String,
    nonce: [UInt8],
    context: String
  ) throws(SealingError) -> [UInt8] {
    do {
      let box = try AES.GCM.seal(
        Array(secret.utf8),
        using: key,
        nonce: AES.GCM.Nonce(data: nonce),
        authenticating: Array(context.utf8)
      )
      return [Self.version] + nonce + box.ciphertext + box.tag
    } catch {
      throw .badNonce
    }
  }

  /// Returns the secret that ``seal(_:nonce:context:)`` sealed.
  ///
  /// - Throws: ``SealingError/unknownVersion(_:)`` or ``SealingError/damaged``: the bytes, the key
  ///   or the context are not those of the sealing.
  package func open(_ sealed: [UInt8], context: String) throws(SealingError) -> String {
    guard let version = sealed.first else { throw .damaged }
    guard version == Self.version else { throw .unknownVersion(version) }
    let rest = sealed.dropFirst()
    guard rest.count >= Self.nonceByteCount + Self.tagByteCount else { throw .damaged }
    do {
      let box = try AES.GCM.SealedBox(
        nonce: AES.GCM.Nonce(data: rest.prefix(Self.nonceByteCount)),
        ciphertext: rest.dropFirst(Self.nonceByteCount).dropLast(Self.tagByteCount),
        tag: rest.suffix(Self.tagByteCount)
      )
      let opened = try AES.GCM.open(box, using: key, authenticating: Array(context.utf8))
      return String(decoding: opened, as: UTF8.self)
    } catch {
      throw .damaged
    }
  }
}

/// Why a secret could not be sealed or opened.
package enum SealingError: Error, Hashable {
  /// A nonce is not of the size the cipher takes.
  case badNonce
  /// The sealed bytes were written by a newer version.
  case unknownVersion(UInt8)
  /// The bytes, the key or the context are not those of the sealing.
  case damaged
}
