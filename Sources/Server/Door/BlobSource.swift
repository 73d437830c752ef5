package import Exchange

/// Where a door reads the blobs that replies name.
package protocol BlobSource: Sendable {
  /// Opens a range of a blob.
  ///
  /// - Parameters:
  ///   - blob: the blob.
  ///   - range: the part that is wanted, offsets in the blob's logical bytes.
  ///   - takesZstandard: whether the chunks may be the stored frames, where the range is all of a
  ///     blob that is stored compressed.
  /// - Returns: the chunks; nil when the blob is not there.
  /// - Throws: what the store throws.
  func chunks(
    of blob: BlobName,
    in range: Range<UInt64>,
    takesZstandard: Bool
  ) async throws -> BlobChunks?
}

/// The chunks of a range in order, nil at the end.
package struct BlobChunks: Sendable {
  package enum Form: Hashable, Sendable {
    /// The bytes of the range.
    case plain
    /// One Zstandard stream; its length in bytes where that is known.
    case zstandard(byteCount: UInt64?)
  }

  package let form: Form
  package let next: @Sendable () async throws -> [UInt8]?

  package init(form: Form = .plain, next: @escaping @Sendable () async throws -> [UInt8]?) {
    self.form = form
    self.next = next
  }
}
