package import Bytes
internal import Crypto

/// A SHA-256 (FIPS 180-4) over bytes that arrive in pieces; a blob's identity in the making.
///
/// A value: copying it takes a snapshot from which either copy may go on.
package struct SHA256Stream: Sendable {
  private var hash = SHA256()

  package init() {}

  /// Adds bytes to what is hashed.
  package mutating func update(_ bytes: Span<UInt8>) {
    // SAFETY: the hash reads the bytes during the call and keeps no pointer to them.
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
  }

  /// Returns the digest of all bytes so far; more may follow.
  package func digest() -> Bytes.SHA256Digest {
    Bytes.SHA256Digest(finished: hash.finalize())
  }

  /// Returns the digest of one piece of memory.
  package static func digest(of bytes: Span<UInt8>) -> Bytes.SHA256Digest {
    var stream = SHA256Stream()
    stream.update(bytes)
    return stream.digest()
  }
}

extension Bytes.SHA256Digest {
  init(finished digest: Crypto.SHA256Digest) {
    // SAFETY: a SHA-256 is 32 bytes, so the four loads lie inside; they may be unaligned.
    self = unsafe digest.withUnsafeBytes { bytes in
      let words = unsafe (
        bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
        bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
        bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
        bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
      )
      return Bytes.SHA256Digest(
        words: (
          UInt64(bigEndian: words.0), UInt64(bigEndian: words.1),
          UInt64(bigEndian: words.2), UInt64(bigEndian: words.3)
        )
      )
    }
  }
}
