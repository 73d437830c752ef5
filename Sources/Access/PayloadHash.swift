package import struct Bytes.SHA256Digest
import Crypto

/// Digests of request bodies.
package enum PayloadHash {
  /// The SHA-256 of no bytes, which requests without a body are signed with.
  package static let empty = sha256([])

  /// Returns the SHA-256 of `bytes`.
  package static func sha256(_ bytes: [UInt8]) -> SHA256Digest {
    var words: [UInt64] = []
    var word: UInt64 = 0
    for (index, byte) in SHA256.hash(data: bytes).enumerated() {
      word = word << 8 | UInt64(byte)
      if index % 8 == 7 { words.append(word) }
    }
    return SHA256Digest(words: (words[0], words[1], words[2], words[3]))
  }
}
