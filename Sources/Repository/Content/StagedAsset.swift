package import Bytes

/// An uploaded file: its bytes are durable in the blob store, and no row names them yet.
///
/// Nothing has to be undone when it is never published: a blob without a reference is swept.
package struct StagedAsset: Hashable, Sendable {
  package let digests: AssetDigests
  /// BLAKE2b with 32 bytes of output (RFC 7693).
  package let blake2b256: [UInt8]
  package let byteCount: UInt64

  package init(digests: AssetDigests, blake2b256: [UInt8], byteCount: UInt64) {
    self.digests = digests
    self.blake2b256 = blake2b256
    self.byteCount = byteCount
  }

  /// The blob's key.
  package var key: SHA256Digest { digests.sha256 }
}
