package import Bytes

/// A file of a version.
///
/// A row means that its bytes are durable: what an upstream merely promises is in the cached
/// ``ExternalDocumentRecord``, not here.
package struct AssetRecord: Hashable, Sendable {
  package let id: AssetID
  package let versionID: VersionID
  package let name: String
  package let byteCount: Int64
  /// Its four digests; `sha256` is the key of its blob.
  package let digests: AssetDigests
  /// A file cut out of the asset when it arrived (such as a wheel's metadata, PEP 658).
  package let attachment: AttachedBlob?
  package let uploadedAt: Timestamp
  /// What only its format knows, as a JSON object: yanked, requires-python….
  package let attributes: String
}

/// A blob that belongs to an asset without being one.
package struct AttachedBlob: Hashable, Sendable {
  package let key: SHA256Digest
  package let byteCount: Int64

  package init(key: SHA256Digest, byteCount: Int64) {
    self.key = key
    self.byteCount = byteCount
  }
}
