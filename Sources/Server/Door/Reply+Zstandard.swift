import Exchange
import HTTPTypes

extension Reply {
  /// The reply with its blob opened, where the client takes Zstandard: only the store knows in
  /// which form the blob is, and what the head says depends on that.
  ///
  /// For HEAD too, which has to say what GET would. That costs a read of the blob's first piece.
  ///
  /// - Throws: ``MissingBlob``, or what the store throws.
  func opened(from blobs: any BlobSource) async throws -> Reply {
    guard let tag = zstandardTag, case .blob(let blob, let range) = body else { return self }
    guard let chunks = try await blobs.chunks(of: blob, in: range, takesZstandard: true) else {
      throw MissingBlob(key: blob.key)
    }
    var reply = self
    let stream = ReplyStream(next: chunks.next)
    switch chunks.form {
    case .plain:
      reply.body = .stream(byteCount: UInt64(range.count), stream)
    case .zstandard(let byteCount):
      reply.body = .stream(byteCount: byteCount, stream)
      reply.headers[.contentEncoding] = "zstd"
      reply.headers[.eTag] = tag
      // Parts of the coded form are not to be had.
      reply.headers[.acceptRanges] = nil
    }
    return reply
  }
}
