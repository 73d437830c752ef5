package import Bytes
internal import Codec

/// One document asked of an external source.
package struct ExternalRequest: Hashable, Sendable {
  /// The whole address, without user-info.
  package var address: String
  /// The connection it is fetched for: it decides about credentials, caps and the circuit.
  package var connection: String
  /// The `Accept` header.
  package var accept: String
  /// The `ETag` of the copy at hand, to be sent as `If-None-Match`.
  package var etag: String?
  /// The `Last-Modified` of the copy at hand, to be sent as `If-Modified-Since`.
  package var lastModified: String?
  /// The most bytes, after decoding, that the document may have.
  package var byteLimit: Int

  package init(
    address: String,
    connection: String,
    accept: String,
    etag: String? = nil,
    lastModified: String? = nil,
    byteLimit: Int
  ) {
    self.address = address
    self.connection = connection
    self.accept = accept
    self.etag = etag
    self.lastModified = lastModified
    self.byteLimit = byteLimit
  }
}

/// What an external source says about a document.
package enum ExternalAnswer: Hashable, Sendable {
  /// Here it is.
  case found(ExternalDocument)
  /// The copy at hand is still right (304).
  case notModified
  /// There is no such document (404 or 410).
  case absent
}

/// A document as an external source sent it, its content encoding undone.
package struct ExternalDocument: Hashable, Sendable {
  /// The address that answered in the end, after redirects: relative links count from here.
  package var address: String
  /// The media type without its parameters, in lower case.
  package var contentType: String
  package var etag: String?
  package var lastModified: String?
  package let bytes: [UInt8]
  package let digest: SHA256Digest

  /// Counts the digest where that did not happen while the bytes came in, which takes some half a
  /// millisecond for each megabyte.
  package init(
    address: String,
    contentType: String,
    etag: String? = nil,
    lastModified: String? = nil,
    bytes: [UInt8],
    digest: SHA256Digest? = nil
  ) {
    self.address = address
    self.contentType = contentType
    self.etag = etag
    self.lastModified = lastModified
    self.bytes = bytes
    self.digest = digest ?? SHA256Stream.digest(of: bytes.span)
  }
}
