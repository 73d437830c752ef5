/// The measures of the on-disk format, in bytes; `Format.md` draws what they measure.
package enum StoreFormat {
  /// The version this build writes, and the newest it reads.
  package static let version: UInt32 = 1
  /// The unit that structures start on, and that a batch fills up.
  package static let pageByteCount = 4096
  /// What records start on, counted from the start of the segment.
  package static let recordAlignment = 64
  /// The stored bytes, or page bytes, that one checksum covers.
  package static let blockByteCount = 64 * 1024
  /// The most a batch may hold, head and padding included.
  package static let maximumBatchByteCount = 4 * 1024 * 1024
  /// The most a segment may hold: what an index entry can address.
  package static let maximumSegmentByteCount: UInt64 = 256 * 1024 * 1024
  /// The least a segment may hold: header, one page of batches, one of footer, trailer.
  package static let minimumSegmentByteCount: UInt64 = 16 * 1024
  /// The most slots in a store: what an index entry can address.
  package static let maximumSlotCount: UInt32 = 1 << 20
  /// The most a record's extension may hold.
  package static let maximumExtensionByteCount = 1024 * 1024
  /// The most stored bytes that a blob may have and still be one record.
  package static let maximumInlineByteCount = 1024 * 1024
  /// Where the checksum of every one-page structure lies in its page; no version moves it.
  package static let pageDigestOffset = pageByteCount - 16
  /// The number of index partitions: one for each value of a key's first byte.
  package static let partitionCount = 256

  /// Returns `count` rounded up to a multiple of `alignment`.
  ///
  /// - Precondition: neither is negative, and the result fits.
  package static func roundUp(_ count: Int, to alignment: Int) -> Int {
    (count + alignment - 1) / alignment * alignment
  }
}
