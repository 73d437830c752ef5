package import Bytes

/// A document that was written from a package, in the store.
package struct KeptDocumentRecord: Hashable, Sendable {
  package let repository: RepositoryID
  /// Which document it is, and by which program it was written.
  package let name: String
  /// A digest of everything that it was written from.
  package let stamp: SHA256Digest
  /// The documents of public registries among that, as JSON.
  package let reads: String
  /// The SHA-256 of its bytes, which are where the blobs of the repository's domain are.
  package let blob: SHA256Digest
  package let keptAt: Timestamp

  package init(
    repository: RepositoryID,
    name: String,
    stamp: SHA256Digest,
    reads: String,
    blob: SHA256Digest,
    keptAt: Timestamp
  ) {
    self.repository = repository
    self.name = name
    self.stamp = stamp
    self.reads = reads
    self.blob = blob
    self.keptAt = keptAt
  }
}
