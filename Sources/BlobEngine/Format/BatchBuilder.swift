import Bytes
package import Codec

/// A batch in the making: records appended one after the other, then a head in front.
///
/// The bytes grow in one array, so that closing a batch costs one checksum and one copy into
/// whatever the disk writes from.
package struct BatchBuilder: Sendable {
  private var bytes: [UInt8]
  package private(set) var recordCount: UInt32 = 0
  /// The sequence of the first record that is not a relocated one.
  package private(set) var firstSequence: UInt64?

  package init(reserving byteCount: Int = 256 * 1024) {
    bytes = []
    bytes.reserveCapacity(byteCount)
    bytes.append(contentsOf: repeatElement(0, count: BatchHead.byteCount))
  }

  /// Whether nothing was appended.
  package var isEmpty: Bool { recordCount == 0 }

  /// The bytes that the batch takes in the log if it is closed now.
  package var batchByteCount: Int {
    StoreFormat.roundUp(bytes.count, to: StoreFormat.pageByteCount)
  }

  /// Whether a record of `footprint` bytes (``RecordHead/footprint``) still fits into a batch of at
  /// most `limit` bytes.
  package func hasRoom(
    for footprint: Int,
    limit: Int = StoreFormat.maximumBatchByteCount
  ) -> Bool {
    StoreFormat.roundUp(bytes.count + footprint, to: StoreFormat.pageByteCount) <= limit
  }

  /// Appends a record, and returns where it begins in the batch and how long it is.
  ///
  /// Fills in the head's digests, its stored length and its extension length, and the block table
  /// among the items.
  ///
  /// - Precondition: there is room for it.
  @discardableResult
  package mutating func append(
    _ head: RecordHead,
    items: RecordExtension = RecordExtension(),
    payload: Span<UInt8> = Span(),
    checksum: Checksum
  ) -> AppendedRecord {
    var head = head
    var items = items
    let sums = PayloadDigest(of: payload, checksum: checksum)
    items.blockDigests = sums.blocks
    head.payloadDigest = sums.digest
    head.storedByteCount = UInt64(payload.count)
    let tail = items.encode()
    head.extensionByteCount = tail.count
    precondition(
      tail.count <= StoreFormat.maximumExtensionByteCount,
      "the items fit an extension"
    )
    let position = bytes.count
    precondition(hasRoom(for: head.footprint), "the record fits the batch")
    bytes.append(contentsOf: repeatElement(0, count: head.footprint))
    var room = bytes.mutableSpan
    head.encode(into: &room, at: position, extension: tail.span, checksum: checksum)
    room.copy(from: payload, at: position + head.headByteCount)
    recordCount += 1
    if firstSequence == nil, !head.flags.contains(.relocated) { firstSequence = head.sequence }
    return AppendedRecord(position: position, byteCount: head.recordByteCount)
  }

  /// Closes the batch: pads it, puts the head in front and returns the bytes with the digest that
  /// the next batch names.
  ///
  /// - Precondition: it is not empty.
  package consuming func seal(
    number: UInt32,
    nextSequence: UInt64,
    previousDigest: UInt64,
    in segment: SegmentIdentity,
    at offset: UInt64
  ) -> SealedBatch {
    precondition(recordCount > 0, "a batch holds a record")
    bytes.append(contentsOf: repeatElement(0, count: batchByteCount - bytes.count))
    let bodyDigest = segment.checksum.digest64(
      bytes.span.extracting(BatchHead.byteCount..<bytes.count)
    )
    let head = BatchHead(
      number: number,
      recordCount: recordCount,
      bodyByteCount: UInt64(bytes.count - BatchHead.byteCount),
      firstSequence: firstSequence ?? nextSequence,
      previousDigest: previousDigest,
      bodyDigest: bodyDigest
    )
    var room = bytes.mutableSpan
    let digest = head.encode(into: &room, at: 0, in: segment, at: offset)
    return SealedBatch(bytes: bytes, head: head, digest: digest)
  }
}

/// Where a record went in its batch.
package struct AppendedRecord: Hashable, Sendable {
  /// Bytes from the start of the batch; a multiple of 64.
  package let position: Int
  /// Head, extension and payload.
  package let byteCount: Int
}

/// A batch ready to be written.
package struct SealedBatch: Sendable {
  /// Whole pages.
  package let bytes: [UInt8]
  package let head: BatchHead
  /// The head digest: what the next batch names as its previous one.
  package let digest: UInt64
}
