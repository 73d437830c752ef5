package import Bytes
package import Catalog

/// An uploaded file: its bytes are durable in the blob store, and no row names them yet.
///
/// Nothing has to be undone when it is never published: a blob without a reference is swept.
package struct StagedAsset: Hashable, Sendable {
  package let digests: AssetDigests
  /// BLAKE2b with 32 bytes of output (RFC 7693); nil where the upload was not made for it.
  package let blake2b256: [UInt8]?
  package let byteCount: UInt64
  /// The domain whose key the bytes are sealed with; nil: they are not.
  package let domain: DomainID?

  package init(
    digests: AssetDigests,
    blake2b256: [UInt8]? = nil,
    byteCount: UInt64,
    domain: DomainID? = nil
  ) {
    self.digests = digests
    self.blake2b256 = blake2b256
    self.byteCount = byteCount
    self.domain = domain
  }

  /// The blob's key.
  package var key: SHA256Digest { digests.sha256 }
}
