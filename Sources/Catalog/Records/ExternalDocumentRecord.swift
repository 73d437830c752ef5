/// What identifies a document of a public registry.
package struct ExternalDocumentKey: Hashable, Sendable {
  package let connection: ExternalConnection
  /// The document's whole address as it is asked for, or what tells a file from others where its
  /// address does not.
  package let path: String

  package init(connection: ExternalConnection, path: String) {
    self.connection = connection
    self.path = path
  }
}

/// A document of a public registry as it was last seen.
///
/// Public data, shared by every domain, so no change of a domain and not in any journal.
package struct ExternalDocumentRecord: Hashable, Sendable {
  package var key: ExternalDocumentKey
  /// The address that answered in the end, after redirects: relative links count from here.
  package var source: String
  /// The registry's answer: 200, or 404 for a document known to be absent.
  package var status: Int
  /// The bytes as received; nil when there are none.
  package var blob: AttachedBlob?
  package var contentType: String?
  /// The registry's `ETag` (RFC 9110 section 8.8.3), verbatim.
  package var entityTag: String?
  /// The registry's `Last-Modified` (RFC 9110 section 8.8.2), verbatim.
  package var lastModified: String?
  /// When the bytes were received.
  package var fetchedAt: Timestamp
  /// When the registry last confirmed them, by sending them or by 304.
  package var checkedAt: Timestamp

  package init(
    key: ExternalDocumentKey,
    source: String,
    status: Int,
    blob: AttachedBlob?,
    contentType: String?,
    entityTag: String?,
    lastModified: String?,
    fetchedAt: Timestamp,
    checkedAt: Timestamp
  ) {
    self.key = key
    self.source = source
    self.status = status
    self.blob = blob
    self.contentType = contentType
    self.entityTag = entityTag
    self.lastModified = lastModified
    self.fetchedAt = fetchedAt
    self.checkedAt = checkedAt
  }
}
