package import Bytes
package import HTTPTypes

/// One HTTP reply as handlers make it; a door decides how to send it.
package struct Reply: Sendable {
  package var status: HTTPResponse.Status
  package var headers: HTTPFields
  package var body: ReplyBody
  /// The entity tag of a body that is a whole blob in the content coding `zstd`, for a client that
  /// takes it; nil for all others.
  ///
  /// Where the blob is stored compressed, the door sends the stored frames under this tag.
  package var zstandardTag: String?
  /// What went wrong inside the server, for its log; the client is never told.
  package var fault: String?

  package init(
    _ status: HTTPResponse.Status,
    headers: HTTPFields = [:],
    body: ReplyBody = .bytes([]),
    fault: String? = nil
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.fault = fault
  }
}

/// The three things a reply can carry (design decision 19).
///
/// The door writes `Content-Length` from the body, and answers HEAD with the headers alone.
package enum ReplyBody: Sendable {
  /// Bytes at hand.
  case bytes([UInt8])
  /// A range of a stored blob, offsets in its logical bytes. Whether the blob is there was checked
  /// by the handler; the door reads it.
  case blob(BlobName, Range<UInt64>)
  /// Bytes that come as they come; `byteCount` when it is known beforehand.
  case stream(byteCount: UInt64?, ReplyStream)
}

/// Names a stored blob to the door that sends it.
package struct BlobName: Hashable, Sendable {
  /// The SHA-256 of its bytes.
  package let key: SHA256Digest
  /// The domain in whose scope it is; nil: it is nobody's.
  package let scope: Int64?

  package init(_ key: SHA256Digest, scope: Int64?) {
    self.key = key
    self.scope = scope
  }
}

/// A source of chunks that the door pulls, one at a time, as fast as its client takes them.
package struct ReplyStream: Sendable {
  /// Returns the next bytes, or nil at the end.
  ///
  /// An error breaks the connection off, so that a client can tell a cut body from a whole one.
  package let next: @Sendable () async throws -> [UInt8]?

  package init(next: @escaping @Sendable () async throws -> [UInt8]?) {
    self.next = next
  }
}

/// What a door hands requests to.
package protocol Responder: Sendable {
  /// Answers a request. Never throws: whatever goes wrong is a reply.
  func respond(to request: Request) async -> Reply
}
