/// The measures that follow from a store's segment size, in bytes.
///
/// 1. A batch is at most a quarter of a segment, so that a segment holds several.
/// 2. The largest record fits a batch with room for its head, its tables and the batch's head.
/// 3. An upload's piece is as large as the largest blob that is one record.
struct EngineLimits: Hashable, Sendable {
  /// What a segment's file takes.
  let segmentByteCount: Int
  /// The most a batch takes, head and padding included.
  let batchByteCount: Int
  /// The largest payload of one record before compression.
  let extentByteCount: Int
  /// The most an extension takes, and with it the list of a large blob's extents.
  let extensionByteCount: Int

  /// What a seal and every kind of digest take of an extension.
  static let digestsByteCount = 320

  /// How many extents one list can name, beside a seal and every kind of digest.
  var extentLimit: Int {
    (extensionByteCount - Self.digestsByteCount) / ExtentReference.byteCount
  }

  static let smallestSegmentByteCount: UInt64 = 64 << 10

  init(segmentByteCount: UInt64) {
    let segment = Int(segmentByteCount)
    self.segmentByteCount = segment
    self.batchByteCount = min(StoreFormat.maximumBatchByteCount, segment / 4)
    self.extentByteCount = min(StoreFormat.maximumInlineByteCount, segment / 8)
    self.extensionByteCount = min(StoreFormat.maximumExtensionByteCount, batchByteCount / 2)
  }

  /// Says what is wrong with a segment size, or nil.
  static func objection(toSegmentByteCount count: UInt64) -> String? {
    guard count.nonzeroBitCount == 1,
      count >= smallestSegmentByteCount,
      count <= StoreFormat.maximumSegmentByteCount
    else {
      return "a segment is a power of two from \(smallestSegmentByteCount) to "
        + "\(StoreFormat.maximumSegmentByteCount) bytes, not \(count)"
    }
    return nil
  }
}
