import Bytes
package import Codec

/// The checksums of a record's stored bytes: one, or one of a table of one for each 64 KiB.
package struct PayloadDigest: Hashable, Sendable {
  /// What stands in the head.
  package var digest: UInt64
  /// What stands in the extension; empty for up to 64 KiB.
  package var blocks: [UInt64]

  /// Sums a payload up.
  ///
  /// - Complexity: O(*n*), one pass.
  package init(of payload: Span<UInt8>, checksum: Checksum) {
    let count = Self.blockCount(storedByteCount: UInt64(payload.count))
    guard count > 0 else {
      self.digest = checksum.digest64(payload)
      self.blocks = []
      return
    }
    self.blocks = (0..<count).map { number in
      checksum.digest64(payload.extracting(Self.block(number, of: payload.count)))
    }
    self.digest = Self.digest(of: blocks, checksum: checksum)
  }

  /// The entries in the table of a payload: none for up to 64 KiB, else one for each 64 KiB.
  package static func blockCount(storedByteCount: UInt64) -> Int {
    let block = UInt64(StoreFormat.blockByteCount)
    return storedByteCount <= block ? 0 : Int(clamping: (storedByteCount - 1) / block + 1)
  }

  /// Where a block lies in a payload.
  package static func block(_ number: Int, of byteCount: Int) -> Range<Int> {
    let start = number * StoreFormat.blockByteCount
    return start..<min(start + StoreFormat.blockByteCount, byteCount)
  }

  static func digest(of blocks: [UInt64], checksum: Checksum) -> UInt64 {
    var table = FieldWriter(reserving: blocks.count * 8)
    for block in blocks { table.append(block) }
    return checksum.digest64(table.bytes.span)
  }
}

extension Record {
  /// Checks the blocks of the payload that cover `range`, counted in stored bytes.
  ///
  /// `bytes` are those the record was read from, and hold at least those blocks. A record of a kind
  /// that this build passes over is not checked: what its digest covers is not known.
  ///
  /// - Throws: `badChecksum` with the offset of the first bad block, `lengthOutOfBounds` when the
  ///   payload is not at hand.
  package func checkPayload(
    of bytes: Span<UInt8>,
    covering range: Range<UInt64>? = nil,
    offset: UInt64,
    checksum: Checksum
  ) throws(FormatError) {
    guard head.type != nil else { return }
    let whole = payload
    let wanted = range ?? 0..<head.storedByteCount
    let place = offset &+ UInt64(whole.lowerBound)
    guard wanted.upperBound <= head.storedByteCount, wanted.isEmpty || position >= 0 else {
      throw FormatError(.lengthOutOfBounds, in: .payload, at: place)
    }
    guard !items.blockDigests.isEmpty else {
      try check(whole, of: bytes, against: head.payloadDigest, place, checksum)
      return
    }
    guard PayloadDigest.digest(of: items.blockDigests, checksum: checksum) == head.payloadDigest
    else {
      throw FormatError(.badChecksum, in: .recordExtension, at: place)
    }
    guard !wanted.isEmpty else { return }
    let size = UInt64(StoreFormat.blockByteCount)
    let first = Int(wanted.lowerBound / size)
    let last = Int((wanted.upperBound - 1) / size)
    for number in first...last {
      let block = PayloadDigest.block(number, of: whole.count)
      let inBytes = (whole.lowerBound + block.lowerBound)..<(whole.lowerBound + block.upperBound)
      let blockPlace = place &+ UInt64(block.lowerBound)
      try check(inBytes, of: bytes, against: items.blockDigests[number], blockPlace, checksum)
    }
  }

  private func check(
    _ range: Range<Int>,
    of bytes: Span<UInt8>,
    against digest: UInt64,
    _ place: UInt64,
    _ checksum: Checksum
  ) throws(FormatError) {
    guard range.upperBound <= bytes.count else {
      throw FormatError(.lengthOutOfBounds, in: .payload, at: place)
    }
    guard checksum.digest64(bytes.extracting(range)) == digest else {
      throw FormatError(.badChecksum, in: .payload, at: place)
    }
  }
}
