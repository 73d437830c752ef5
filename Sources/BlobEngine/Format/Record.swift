import Bytes
package import Codec

/// A record as it lies in a batch: its head, its items, and where its payload is.
package struct Record: Hashable, Sendable {
  package var head: RecordHead
  package var items: RecordExtension
  /// Where the record begins, in bytes from the start of what was read.
  package var position: Int

  package init(head: RecordHead, items: RecordExtension, position: Int = 0) {
    self.head = head
    self.items = items
    self.position = position
  }

  /// Where the payload lies in what was read.
  ///
  /// - Precondition: the payload was at hand when the record was read.
  package var payload: Range<Int> {
    let start = position + head.headByteCount
    return start..<(start + Int(head.storedByteCount))
  }

  /// Reads head and extension at `position` of `bytes`, which start at `offset` of a segment, and
  /// checks them and whether they agree; the payload need not be at hand, and is not checked.
  ///
  /// - Throws: what is wrong. `lengthOutOfBounds` may also mean that more must be read.
  package init(
    decoding bytes: Span<UInt8>,
    at position: Int = 0,
    offset: UInt64,
    checksum: Checksum
  ) throws(FormatError) {
    let head = try RecordHead(
      decoding: bytes,
      at: position,
      offset: offset,
      checksum: checksum
    )
    let start = position + RecordHead.byteCount
    var items = RecordExtension()
    if head.extensionByteCount > 0, head.type != nil {
      items = try RecordExtension(
        decoding: bytes.extracting(start..<(start + head.extensionByteCount)),
        offset: offset &+ UInt64(start)
      )
    }
    if let damage = items.contradiction(with: head) {
      throw FormatError(damage, in: .recordExtension, at: offset &+ UInt64(start))
    }
    self.init(head: head, items: items, position: position)
  }
}

extension RecordExtension {
  /// What head and items say that cannot both be.
  fileprivate func contradiction(with head: RecordHead) -> Damage? {
    guard let type = head.type else { return nil }
    let blocks = PayloadDigest.blockCount(storedByteCount: head.storedByteCount)
    guard blockDigests.count == blocks else { return .contradiction }
    guard type == .blobOf || extents.isEmpty else { return .contradiction }
    guard type == .recipe || runs.isEmpty else { return .contradiction }
    guard (type == .checkpointMark) == (checkpoint != nil) else { return .contradiction }
    guard (type == .segmentRetired) == (retired != nil) else { return .contradiction }
    if let frames, let damage = frames.contradiction(with: head) { return damage }
    if let damage = sealContradiction(type, head.storedByteCount) { return damage }
    switch type {
    case .blobOf: return Self.sums(extents.map(\.logicalByteCount), to: head.logicalByteCount)
    case .recipe: return Self.sums(runs.map(\.byteCount), to: head.logicalByteCount)
    default: return nil
    }
  }

  /// What is sealed says how, and has a tag for each block.
  private func sealContradiction(_ type: RecordType, _ storedByteCount: UInt64) -> Damage? {
    guard seal != nil else { return tags.isEmpty ? nil : .contradiction }
    guard type.isOfBlob || type == .extent else { return .contradiction }
    let count = SealedBlocks.blockCount(byteCount: Int(clamping: storedByteCount))
    return tags.count == count * BlockCipher.tagByteCount ? nil : .contradiction
  }

  private static func sums(_ counts: [UInt64], to total: UInt64) -> Damage? {
    var sum: UInt64 = 0
    for count in counts {
      let next = sum.addingReportingOverflow(count)
      guard !next.overflow else { return .lengthOutOfBounds }
      sum = next.partialValue
    }
    return sum == total ? nil : .contradiction
  }
}

extension FrameTable {
  /// Frames cover the stored bytes, and are as many as the logical bytes need.
  fileprivate func contradiction(with head: RecordHead) -> Damage? {
    guard head.codec != .raw else { return .contradiction }
    let stored = storedByteCounts.reduce(UInt64(0)) { $0 + UInt64($1) }
    guard stored == head.storedByteCount else { return .contradiction }
    guard head.type == .blob || head.type == .extent else { return nil }
    let (whole, rest) = head.logicalByteCount.quotientAndRemainder(
      dividingBy: UInt64(logicalByteCount)
    )
    return UInt64(storedByteCounts.count) == whole + (rest > 0 ? 1 : 0) ? nil : .contradiction
  }
}
