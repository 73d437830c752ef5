import Bytes
import Codec

/// The 64 bytes in front of a batch, the unit of commit.
///
/// ```
///  0               16       20        24            32               40
///  +---------------+--------+---------+-------------+----------------+
///  | sync marker   | number | records | body length | first sequence |
///  +---------------+--------+---------+-------------+----------------+
///  40                48            56            64
///  +-----------------+-------------+-------------+
///  | previous digest | body digest | head digest |
///  +-----------------+-------------+-------------+
/// ```
///
/// Invariants:
///
/// 1. A batch starts on a page and fills whole pages: 64 + body length is a multiple of 4096, and
///    at most 4 MiB.
/// 2. The body digest covers the body, padding included.
/// 3. The head digest covers the 56 bytes before it with segment id and offset in the segment
///    appended, so that neither a batch of another incarnation nor one written elsewhere matches.
/// 4. The previous digest is the head digest of the last batch that was durable when this one was
///    laid out, or 0 in a lane's first: a lost write in the middle breaks the chain.
/// 5. Numbers count from 0 in each segment without a gap.
/// 6. A batch holds at least one record.
package struct BatchHead: Hashable, Sendable {
  package static let byteCount = 64
  /// The previous digest of a segment's first batch.
  package static let chainStart: UInt64 = 0

  private static let markerOffset = 0
  private static let numberOffset = markerOffset + 16
  private static let recordCountOffset = numberOffset + 4
  private static let bodyByteCountOffset = recordCountOffset + 4
  private static let firstSequenceOffset = bodyByteCountOffset + 8
  private static let previousDigestOffset = firstSequenceOffset + 8
  private static let bodyDigestOffset = previousDigestOffset + 8
  private static let headDigestOffset = bodyDigestOffset + 8
  private static let digestedByteCount = headDigestOffset + 16

  /// The position among the segment's batches, from 0.
  package var number: UInt32
  package var recordCount: UInt32
  /// The bytes after the head, padding included.
  package var bodyByteCount: UInt64
  /// The lowest sequence that the batch gave out.
  package var firstSequence: UInt64
  package var previousDigest: UInt64
  package var bodyDigest: UInt64

  package init(
    number: UInt32,
    recordCount: UInt32,
    bodyByteCount: UInt64,
    firstSequence: UInt64,
    previousDigest: UInt64,
    bodyDigest: UInt64
  ) {
    self.number = number
    self.recordCount = recordCount
    self.bodyByteCount = bodyByteCount
    self.firstSequence = firstSequence
    self.previousDigest = previousDigest
    self.bodyDigest = bodyDigest
  }

  /// The bytes of the whole batch.
  package var batchByteCount: Int { Self.byteCount + Int(bodyByteCount) }

  /// Returns the head digest: what the next batch names as its previous one.
  package func digest(in segment: SegmentIdentity, at offset: UInt64) -> UInt64 {
    var input = [72 of UInt8](repeating: 0)
    var bytes = input.mutableSpan
    storeFields(of: segment, into: &bytes, at: 0)
    bytes.storeLittleEndian(segment.segmentID, at: Self.headDigestOffset)
    bytes.storeLittleEndian(offset, at: Self.headDigestOffset + 8)
    return segment.checksum.digest64(input.span)
  }

  /// Writes the head at `position`, for a batch that will lie at `offset` in its segment, and
  /// returns its digest.
  ///
  /// - Precondition: 64 bytes fit there.
  @discardableResult
  package func encode(
    into bytes: inout MutableSpan<UInt8>,
    at position: Int = 0,
    in segment: SegmentIdentity,
    at offset: UInt64
  ) -> UInt64 {
    let headDigest = digest(in: segment, at: offset)
    storeFields(of: segment, into: &bytes, at: position)
    bytes.storeLittleEndian(headDigest, at: position + Self.headDigestOffset)
    return headDigest
  }

  private func storeFields(
    of segment: SegmentIdentity,
    into bytes: inout MutableSpan<UInt8>,
    at position: Int
  ) {
    bytes.storeLittleEndian(segment.marker.value, at: position + Self.markerOffset)
    bytes.storeLittleEndian(number, at: position + Self.numberOffset)
    bytes.storeLittleEndian(recordCount, at: position + Self.recordCountOffset)
    bytes.storeLittleEndian(bodyByteCount, at: position + Self.bodyByteCountOffset)
    bytes.storeLittleEndian(firstSequence, at: position + Self.firstSequenceOffset)
    bytes.storeLittleEndian(previousDigest, at: position + Self.previousDigestOffset)
    bytes.storeLittleEndian(bodyDigest, at: position + Self.bodyDigestOffset)
  }

  /// Reads the head at `position`, of a batch that lies at `offset` in its segment.
  ///
  /// The body need not be at hand; see ``checkBody(_:in:at:)``.
  ///
  /// - Throws: `badMagic` when the marker is not the segment's (nothing was written here, or it is
  ///   older than the segment), `badChecksum`, or what contradicts the limits.
  package init(
    decoding bytes: Span<UInt8>,
    at position: Int,
    in segment: SegmentIdentity,
    at offset: UInt64
  ) throws(FormatError) {
    guard position >= 0, position <= bytes.count, bytes.count - position >= Self.byteCount else {
      throw FormatError(.lengthOutOfBounds, in: .batchHead, at: offset)
    }
    var fields = FieldReader(at: position)
    guard fields.next(UInt128.self, in: bytes) == segment.marker.value else {
      throw FormatError(.badMagic, in: .batchHead, at: offset)
    }
    self.number = fields.next(UInt32.self, in: bytes)
    self.recordCount = fields.next(UInt32.self, in: bytes)
    self.bodyByteCount = fields.next(UInt64.self, in: bytes)
    self.firstSequence = fields.next(UInt64.self, in: bytes)
    self.previousDigest = fields.next(UInt64.self, in: bytes)
    self.bodyDigest = fields.next(UInt64.self, in: bytes)
    let stored = fields.next(UInt64.self, in: bytes)
    guard stored == digest(in: segment, at: offset) else {
      throw FormatError(.badChecksum, in: .batchHead, at: offset)
    }
    let page = UInt64(StoreFormat.pageByteCount)
    let most = UInt64(StoreFormat.maximumBatchByteCount - Self.byteCount)
    guard bodyByteCount <= most, (bodyByteCount + UInt64(Self.byteCount)) % page == 0,
      bodyByteCount > 0
    else {
      throw FormatError(.lengthOutOfBounds, in: .batchHead, at: offset)
    }
    guard recordCount > 0, UInt64(recordCount) <= bodyByteCount / UInt64(RecordHead.byteCount)
    else {
      throw FormatError(.contradiction, in: .batchHead, at: offset)
    }
  }

  /// Checks that `batch`, head included, holds the body that this head was written for.
  ///
  /// - Throws: `lengthOutOfBounds` when it is shorter than the head says, `badChecksum`.
  package func checkBody(
    _ batch: Span<UInt8>,
    in segment: SegmentIdentity,
    at offset: UInt64
  ) throws(FormatError) {
    guard batch.count >= batchByteCount else {
      throw FormatError(.lengthOutOfBounds, in: .batchBody, at: offset)
    }
    let body = batch.extracting(Self.byteCount..<batchByteCount)
    guard segment.checksum.digest64(body) == bodyDigest else {
      throw FormatError(.badChecksum, in: .batchBody, at: offset)
    }
  }
}
