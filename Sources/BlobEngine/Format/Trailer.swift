import Bytes
import Codec

/// The last page of a sealed segment.
///
/// ```
///    0  magic "LARDERTR"          8    72  last batch's head digest     8
///    8  version                   4    80  first sequence               8
///   12  batch count               4    88  last sequence                8
///   16  store id                 16    96  end of the last batch        8
///   32  segment id                8   104  sealed, ms since 1970        8
///   40  footer offset             8   112  live records at seal time    8
///   48  footer length             8   120  live bytes at seal time      8
///   56  footer entries            8   128  bytes that can be refetched  8
///   64  record count              4   136  zero
///   68  zero                      4  4080  XXH3-128                    16
/// ```
///
/// Invariants:
///
/// 1. A segment is sealed once its trailer is durable, and the footer was durable before it.
/// 2. Header, batches, footer and trailer follow in this order, each on a page, without overlap.
/// 3. The digest, under the store's secret, covers the segment id: the trailer of an older
///    incarnation of the slot does not match.
package struct Trailer: Hashable, Sendable {
  package static let byteCount = StoreFormat.pageByteCount

  package var storeID: StoreIdentifier
  package var batchCount: UInt32
  package var recordCount: UInt32
  /// The entries of the footer: one for each record of a known kind.
  package var entryCount: UInt64
  /// Where the footer begins, in bytes from the start of the segment.
  package var footerOffset: UInt64
  package var footerByteCount: UInt64
  /// The head digest of the last batch, or ``BatchHead/chainStart``.
  package var lastBatchDigest: UInt64
  /// The lowest sequence in the segment, relocated records aside.
  package var firstSequence: UInt64
  /// The highest sequence in the segment.
  package var lastSequence: UInt64
  /// Where the last batch ends, in bytes from the start of the segment.
  package var logEnd: UInt64
  /// When the segment was sealed, in milliseconds since 1970.
  package var sealedMilliseconds: UInt64
  package var statistics: SegmentStatistics

  package init(
    storeID: StoreIdentifier,
    batchCount: UInt32,
    recordCount: UInt32,
    entryCount: UInt64,
    footerOffset: UInt64,
    footerByteCount: UInt64,
    lastBatchDigest: UInt64,
    firstSequence: UInt64,
    lastSequence: UInt64,
    logEnd: UInt64,
    sealedMilliseconds: UInt64,
    statistics: SegmentStatistics
  ) {
    self.storeID = storeID
    self.batchCount = batchCount
    self.recordCount = recordCount
    self.entryCount = entryCount
    self.footerOffset = footerOffset
    self.footerByteCount = footerByteCount
    self.lastBatchDigest = lastBatchDigest
    self.firstSequence = firstSequence
    self.lastSequence = lastSequence
    self.logEnd = logEnd
    self.sealedMilliseconds = sealedMilliseconds
    self.statistics = statistics
  }

  /// Where the trailer lies in a segment of this length.
  package static func offset(segmentByteCount: UInt64) -> UInt64 {
    segmentByteCount - UInt64(byteCount)
  }

  /// Returns the page.
  package func encode(in segment: SegmentIdentity, segmentByteCount: UInt64) -> [UInt8] {
    var page = SealedPage.trailer.begin()
    page.append(batchCount)
    page.append(storeID.value)
    page.append(segment.segmentID)
    page.append(footerOffset)
    page.append(footerByteCount)
    page.append(entryCount)
    page.append(recordCount)
    page.append(UInt32(0))
    page.append(lastBatchDigest)
    page.append(firstSequence)
    page.append(lastSequence)
    page.append(logEnd)
    page.append(sealedMilliseconds)
    page.append(statistics.liveRecordCount)
    page.append(statistics.liveByteCount)
    page.append(statistics.relaxedByteCount)
    return SealedPage.trailer.seal(
      page,
      at: Self.offset(segmentByteCount: segmentByteCount),
      owner: segment.segmentID,
      checksum: segment.checksum
    )
  }

  /// Reads the last page of a segment.
  ///
  /// - Throws: what is wrong with it; `badMagic` or `badChecksum` also when the segment was not
  ///   sealed.
  package init(
    decoding page: Span<UInt8>,
    in segment: SegmentIdentity,
    segmentByteCount: UInt64
  ) throws(FormatError) {
    let place = Self.offset(segmentByteCount: segmentByteCount)
    var fields = try SealedPage.trailer.open(
      page,
      at: place,
      owner: segment.segmentID,
      checksum: segment.checksum
    )
    self.batchCount = fields.next(UInt32.self, in: page)
    self.storeID = StoreIdentifier(value: fields.next(UInt128.self, in: page))
    let segmentID = fields.next(UInt64.self, in: page)
    self.footerOffset = fields.next(UInt64.self, in: page)
    self.footerByteCount = fields.next(UInt64.self, in: page)
    self.entryCount = fields.next(UInt64.self, in: page)
    self.recordCount = fields.next(UInt32.self, in: page)
    let gap = fields.next(UInt32.self, in: page)
    self.lastBatchDigest = fields.next(UInt64.self, in: page)
    self.firstSequence = fields.next(UInt64.self, in: page)
    self.lastSequence = fields.next(UInt64.self, in: page)
    self.logEnd = fields.next(UInt64.self, in: page)
    self.sealedMilliseconds = fields.next(UInt64.self, in: page)
    self.statistics = SegmentStatistics(
      liveRecordCount: fields.next(UInt64.self, in: page),
      liveByteCount: fields.next(UInt64.self, in: page),
      relaxedByteCount: fields.next(UInt64.self, in: page)
    )
    guard segmentID == segment.segmentID else {
      throw FormatError(.misplaced, in: .trailer, at: place)
    }
    guard gap == 0, fields.passZeroes(upTo: StoreFormat.pageDigestOffset, in: page) else {
      throw FormatError(.reservedNotZero, in: .trailer, at: place)
    }
    guard footerIsInside(endingBy: place) else {
      throw FormatError(.lengthOutOfBounds, in: .trailer, at: place)
    }
    guard entryCount <= UInt64(recordCount),
      Footer.byteCount(entryCount: Int(entryCount)) == Int(footerByteCount)
    else {
      throw FormatError(.contradiction, in: .trailer, at: place)
    }
  }

  private func footerIsInside(endingBy end: UInt64) -> Bool {
    let page = UInt64(StoreFormat.pageByteCount)
    return logEnd >= UInt64(SegmentHeader.byteCount) && logEnd % page == 0
      && logEnd <= footerOffset && footerOffset % page == 0
      && footerOffset <= end && footerByteCount <= end - footerOffset
  }
}

/// What was worth keeping of a segment when it was sealed; a start for choosing what to reclaim.
package struct SegmentStatistics: Hashable, Sendable {
  package var liveRecordCount: UInt64
  /// The footprints of the live records.
  package var liveByteCount: UInt64
  /// Those of them that can be fetched again.
  package var relaxedByteCount: UInt64

  package init(liveRecordCount: UInt64 = 0, liveByteCount: UInt64 = 0, relaxedByteCount: UInt64 = 0)
  {
    self.liveRecordCount = liveRecordCount
    self.liveByteCount = liveByteCount
    self.relaxedByteCount = relaxedByteCount
  }
}
