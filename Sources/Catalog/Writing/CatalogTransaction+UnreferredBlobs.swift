package import Bytes

/// Notices of blobs that nothing refers to: what a sweep remembers from one time to the next.
///
/// They belong to no domain, so no journal row goes with them.
extension CatalogTransaction {
  /// Notes that nothing referred to a blob at `time`; an earlier notice stays as it is.
  package func noticeUnreferred(
    _ blob: SHA256Digest,
    at time: Timestamp
  ) throws(CatalogError) {
    try connection.run(BlobStatements.notice, [.bytes(blob.bytes), .time(time)])
  }

  /// Forgets the notice of a blob: something refers to it again, or it is gone.
  package func forgetUnreferred(_ blob: SHA256Digest) throws(CatalogError) {
    try connection.run(BlobStatements.forget, [.bytes(blob.bytes)])
  }
}
