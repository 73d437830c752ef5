package import Bytes
package import Catalog

/// A file a repository can give: at hand, or on its way.
package enum FoundFile: Sendable {
  /// In the store: send the blob.
  case stored(StoredFile)
  /// Coming from an external source at this moment: send the bytes as they come.
  case arriving(ArrivingFile)
}

/// A file in the blob store.
package struct StoredFile: Hashable, Sendable {
  /// The blob's key, which is the file's SHA-256: good as a strong `ETag`.
  package let key: SHA256Digest
  package let byteCount: UInt64
  /// The domain in whose scope the blob is; nil: it is nobody's, a document of a public registry.
  package let domain: DomainID?
  /// All four digests, of a file that is an asset: what checksum files and headers say.
  package let digests: AssetDigests?
  /// When it was published, or came from outside; nil of what is no asset.
  package let storedAt: Timestamp?

  package init(
    key: SHA256Digest,
    byteCount: UInt64,
    in domain: DomainID?,
    digests: AssetDigests? = nil,
    storedAt: Timestamp? = nil
  ) {
    self.key = key
    self.byteCount = byteCount
    self.domain = domain
    self.digests = digests
    self.storedAt = storedAt
  }
}
