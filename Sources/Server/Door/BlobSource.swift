package import Exchange

/// Where a door reads the blobs that replies name.
package protocol BlobSource: Sendable {
  /// Opens a range of a blob, offsets in its logical bytes; nil when the blob is not there.
  func chunks(of blob: BlobName, in range: Range<UInt64>) async throws -> BlobChunks?
}

/// The chunks of a range in order, nil at the end.
package struct BlobChunks: Sendable {
  package let next: @Sendable () async throws -> [UInt8]?

  package init(next: @escaping @Sendable () async throws -> [UInt8]?) {
    self.next = next
  }
}
