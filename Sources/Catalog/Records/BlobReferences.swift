package import Bytes

/// Who names a blob.
package struct BlobReferences: Hashable, Sendable {
  /// A domain whose versions have the blob.
  package struct Domain: Hashable, Sendable {
    package let owner: String
    package let name: String
    /// How many assets are these bytes.
    package let assetCount: Int
    /// How many assets these bytes were cut out of.
    package let attachmentCount: Int
    /// What the store calls the domain's blob, where it is sealed.
    package let sealedName: SHA256Digest?
  }

  package let domains: [Domain]
  /// Documents of public registries that are these bytes.
  package let documents: [ExternalDocumentKey]

  /// Whether nobody does.
  package var isEmpty: Bool { domains.isEmpty && documents.isEmpty }
}

/// A blob that a sweep found without a reference.
package struct UnreferredBlob: Hashable, Sendable {
  package let key: SHA256Digest
  /// When the first sweep did.
  package let noticedAt: Timestamp
}

/// A blob of a domain.
package struct DomainBlob: Hashable, Sendable {
  package let domain: DomainID
  package let key: SHA256Digest
  package let byteCount: Int64

  package init(domain: DomainID, key: SHA256Digest, byteCount: Int64) {
    self.domain = domain
    self.key = key
    self.byteCount = byteCount
  }
}
