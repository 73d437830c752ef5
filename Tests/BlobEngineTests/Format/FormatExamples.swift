import BlobEngine
import Bytes
import Codec

/// One value of each structure, with a different number in every field: what the golden files hold.
enum FormatExamples {
  static let secret: [UInt8] = (0..<192).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }
  static let checksum = Checksum(secret: secret) ?? .plain
  static let storeID = StoreIdentifier(value: 0x0F0E_0D0C_0B0A_0908_0706_0504_0302_0100)
  static let marker = SyncMarker(value: 0xA0A1_A2A3_A4A5_A6A7_B0B1_B2B3_B4B5_B6B7)
  static let segmentID: UInt64 = 0x1122_3344
  static let segment = SegmentIdentity(segmentID: segmentID, marker: marker, checksum: checksum)
  /// The least that a segment may be, so that a whole one is a small file.
  static let segmentByteCount = StoreFormat.minimumSegmentByteCount
  static let slot: UInt32 = 42

  static var superblock: Superblock {
    var page = Superblock(
      storeID: storeID,
      segmentByteCount: 256 * 1024 * 1024,
      createdMilliseconds: 1_790_000_000_123,
      hashSecret: secret,
      authenticationKey: (0..<32).map { UInt8(200 - $0) }
    )
    page.sequence = 77
    page.epoch = 5
    page.checkpointID = 19
    page.checkpointPosition = LogPosition(sequence: 123_456, segmentID: 900, offset: 8192)
    page.slotCount = 33
    page.isClean = true
    page.nextSegmentID = 901
    page.nextSequence = 123_999
    return page
  }

  static var segmentHeader: SegmentHeader {
    SegmentHeader(
      lane: .large,
      storeID: storeID,
      segmentID: segmentID,
      slot: slot,
      createdMilliseconds: 1_790_000_111_222,
      segmentByteCount: segmentByteCount,
      marker: marker,
      epoch: 5,
      nextSequence: 100,
      hashSecret: secret
    )
  }

  static func key(_ first: UInt8, _ rest: UInt8 = 0x55) -> SHA256Digest {
    let word = UInt64(rest) &* 0x0101_0101_0101_0101
    return SHA256Digest(words: (UInt64(first) << 56 | word >> 8, word, word, word))
  }

  /// A record with every item that one may have.
  static var everyItem: RecordExtension {
    var items = RecordExtension()
    items.digests = DigestAlgorithm.allCases.map { algorithm in
      BlobDigest(
        algorithm: algorithm,
        bytes: (0..<algorithm.byteCount).map { UInt8($0) &+ UInt8(algorithm.rawValue) &* 16 }
      )
    }
    items.blockDigests = [0x0102_0304_0506_0708, 0x1112_1314_1516_1718]
    items.milliseconds = 1_790_000_222_333
    items.frames = FrameTable(logicalByteCount: 262_144, storedByteCounts: [1000, 2000, 3])
    items.extents = [
      ExtentReference(
        segmentID: 9,
        sequence: 200,
        offset: 4160,
        logicalByteCount: 1_048_576,
        recordByteCount: 1_048_800
      ),
      ExtentReference(
        segmentID: 10,
        sequence: 201,
        offset: 268_000_000,
        logicalByteCount: 5,
        recordByteCount: 101
      ),
    ]
    items.runs = [
      RecipeRun(source: nil, offset: 0, byteCount: 300),
      RecipeRun(source: key(0xCD), offset: 44, byteCount: 1 << 33),
    ]
    items.checkpoint = CheckpointMark(checkpointID: 20, epoch: 6)
    items.retired = RetiredSegment(segmentID: 8, slot: 1_048_575)
    items.unknown = [UnknownItem(type: 0x7001, value: [1, 2, 3])]
    return items
  }

  /// A small batch: a blob, a blob with an extension, a list of extents, and one of each mark.
  static var batch: SealedBatch {
    var builder = BatchBuilder()
    let text = Array("what the golden files hold".utf8)
    builder.append(
      RecordHead(
        type: .blob,
        flags: [.relaxed, .scoped],
        sequence: 100,
        logicalByteCount: 26,
        key: key(0xAB),
        scope: 9
      ),
      payload: text.span,
      checksum: checksum
    )
    var items = RecordExtension()
    items.milliseconds = 1_790_000_333_444
    items.digests = [BlobDigest(algorithm: .md5, bytes: (0..<16).map { UInt8($0) })]
    items.frames = FrameTable(logicalByteCount: 100, storedByteCounts: [20, 6])
    builder.append(
      RecordHead(
        type: .blob,
        sequence: 101,
        logicalByteCount: 150,
        key: key(0x01),
        codec: .zstandard
      ),
      items: items,
      payload: text.span,
      checksum: checksum
    )
    var list = RecordExtension()
    list.extents = everyItem.extents
    builder.append(
      RecordHead(type: .blobOf, sequence: 102, logicalByteCount: 1_048_581, key: key(0x02)),
      items: list,
      checksum: checksum
    )
    builder.append(
      RecordHead(
        type: .extent,
        sequence: 103,
        logicalByteCount: 26,
        key: ExtentName(epoch: 5, stream: 2, ordinal: 1, logicalOffset: 1_048_576).key
      ),
      payload: text.span,
      checksum: checksum
    )
    builder.append(
      RecordHead(type: .tombstone, flags: .relocated, sequence: 7, key: key(0x03)),
      checksum: checksum
    )
    builder.append(RecordHead(type: .touch, sequence: 104, key: key(0xAB)), checksum: checksum)
    var mark = RecordExtension()
    mark.checkpoint = CheckpointMark(checkpointID: 20, epoch: 6)
    builder.append(
      RecordHead(type: .checkpointMark, sequence: 105, key: .none),
      items: mark,
      checksum: checksum
    )
    var retired = RecordExtension()
    retired.retired = RetiredSegment(segmentID: 8, slot: 3)
    builder.append(
      RecordHead(type: .segmentRetired, sequence: 106, key: .none),
      items: retired,
      checksum: checksum
    )
    return builder.seal(
      number: 0,
      nextSequence: 107,
      previousDigest: BatchHead.chainStart,
      in: segment,
      at: 4096
    )
  }

  /// The footer's entries of ``batch``.
  static var footerEntries: [FooterEntry] {
    records(of: batch.bytes, head: batch.head).compactMap { record in
      FooterEntry(record.head, at: 4096 + UInt64(record.position))
    }
  }

  static func records(of batch: [UInt8], head: BatchHead) -> [Record] {
    var walk = RecordWalk(head, at: 4096)
    var records: [Record] = []
    while let record = try? walk.next(in: batch.span, checksum: checksum) { records.append(record) }
    return records
  }

  static var trailer: Trailer {
    let batch = batch
    return Trailer(
      storeID: storeID,
      batchCount: 1,
      recordCount: batch.head.recordCount,
      entryCount: UInt64(footerEntries.count),
      footerOffset: 8192,
      footerByteCount: UInt64(Footer.byteCount(entryCount: footerEntries.count)),
      lastBatchDigest: batch.digest,
      firstSequence: 100,
      lastSequence: 106,
      logEnd: 4096 + UInt64(batch.bytes.count),
      sealedMilliseconds: 1_790_000_444_555,
      statistics: SegmentStatistics(
        liveRecordCount: 4,
        liveByteCount: 2048,
        relaxedByteCount: 128
      )
    )
  }

  /// A whole sealed segment of 16 KiB.
  static var sealedSegment: [UInt8] {
    segmentHeader.encode() + batch.bytes + Footer.encode(footerEntries, in: segment)
      + trailer.encode(in: segment, segmentByteCount: segmentByteCount)
  }

  static var checkpointHeader: CheckpointHeader {
    CheckpointHeader(
      partition: 0xAB,
      storeID: storeID,
      checkpointID: 19,
      generationID: 38,
      epoch: 5,
      entryCount: UInt64(indexEntries.count),
      position: LogPosition(sequence: 123_456, segmentID: 900, offset: 8192),
      writtenMilliseconds: 1_790_000_555_666,
      timeMarks: [
        TimeMark(milliseconds: 1_790_000_000_000, sequence: 1000),
        TimeMark(milliseconds: 1_790_000_060_000, sequence: 2000),
      ]
    )
  }

  static var indexEntries: [IndexEntry] {
    [
      IndexEntry(
        fingerprint: 0x0123_4567_89AB_CDEF,
        place: IndexPlace(slot: 42, offset: 4160, recordByteCount: 122, kind: .blob)
      ),
      IndexEntry(
        fingerprint: .max,
        place: IndexPlace(
          slot: StoreFormat.maximumSlotCount - 1,
          offset: StoreFormat.maximumSegmentByteCount - 64,
          recordByteCount: 1_048_576,
          kind: .blobOf,
          flags: [.compressed, .pinned, .tiered, .relaxed]
        )
      ),
      IndexEntry(
        fingerprint: 0,
        place: IndexPlace(
          slot: 0,
          offset: 4096,
          recordByteCount: 96,
          kind: .recipe,
          flags: .recipe
        )
      ),
    ]
  }

  static var checkpointFile: [UInt8] {
    checkpointHeader.encode(checksum: checksum)
      + CheckpointPages.encode(
        indexEntries,
        partition: checkpointHeader.partition,
        generationID: checkpointHeader.generationID,
        checksum: checksum
      )
  }
}
