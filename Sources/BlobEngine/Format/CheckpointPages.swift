import Bytes
package import Codec

/// The pages of index entries behind a ``CheckpointHeader``.
///
/// ```
///  0        8             12            16                    16 + 16 × count
///  +--------+-------------+-------------+---------------------+---------------------+
///  | digest | page number | entry count | entries             | zeroes to 64 KiB,   |
///  |        |             |             |                     | or 4 KiB: the last  |
///  +--------+-------------+-------------+---------------------+---------------------+
///
///  an entry:  0               8                  16
///             +---------------+------------------+
///             | fingerprint   | place (the words of ``IndexPlace``)
///             +---------------+------------------+
/// ```
///
/// Every page but the last holds 4,095 entries, which with the 16 bytes before them are 64 KiB
/// exactly. A page's digest covers all of it behind the digest, with partition and generation
/// appended: a page left over from an older generation does not match.
package enum CheckpointPages {
  package static let pageHeadByteCount = 16
  package static let entriesPerPage =
    (StoreFormat.blockByteCount - pageHeadByteCount) / IndexEntry.byteCount
  /// More entries than this in one partition are damage: 2^40 bytes of them.
  static let maximumEntryCount: UInt64 = 1 << 36

  /// Where the first page begins in the file.
  package static let offset = UInt64(CheckpointHeader.byteCount)

  /// The bytes of the pages for this many entries.
  package static func byteCount(entryCount: Int) -> Int {
    let (full, rest) = entryCount.quotientAndRemainder(dividingBy: entriesPerPage)
    return full * StoreFormat.blockByteCount + pageByteCount(entryCount: rest)
  }

  /// The bytes of a partition's file, header included.
  package static func fileByteCount(entryCount: Int) -> Int {
    CheckpointHeader.byteCount + byteCount(entryCount: entryCount)
  }

  /// How many entries a file of this many bytes has room for.
  package static func entryCapacity(ofFileByteCount byteCount: UInt64) -> Int {
    guard byteCount > offset else { return 0 }
    let (full, rest) = Int(clamping: byteCount - offset)
      .quotientAndRemainder(dividingBy: StoreFormat.blockByteCount)
    let page = rest / StoreFormat.pageByteCount * StoreFormat.pageByteCount
    let last = max(0, page - pageHeadByteCount) / IndexEntry.byteCount
    return full * entriesPerPage + last
  }

  private static func pageByteCount(entryCount: Int) -> Int {
    guard entryCount > 0 else { return 0 }
    return StoreFormat.roundUp(
      pageHeadByteCount + entryCount * IndexEntry.byteCount,
      to: StoreFormat.pageByteCount
    )
  }

  /// Returns the pages for these entries.
  package static func encode(
    _ entries: [IndexEntry],
    partition: UInt8,
    generationID: UInt64,
    checksum: Checksum
  ) -> [UInt8] {
    var pages: [UInt8] = []
    pages.reserveCapacity(byteCount(entryCount: entries.count))
    var number: UInt32 = 0
    for start in stride(from: 0, to: entries.count, by: entriesPerPage) {
      let chunk = entries[start..<min(start + entriesPerPage, entries.count)]
      let byteCount = pageByteCount(entryCount: chunk.count)
      var page = [UInt8](repeating: 0, count: byteCount)
      var room = page.mutableSpan
      room.storeLittleEndian(number, at: 8)
      room.storeLittleEndian(UInt32(chunk.count), at: 12)
      var position = pageHeadByteCount
      for entry in chunk {
        room.storeLittleEndian(entry.fingerprint, at: position)
        room.storeLittleEndian(entry.place.rawValue, at: position + 8)
        position += IndexEntry.byteCount
      }
      let digest = TablePage.digest(
        of: room.span,
        owner: UInt64(partition),
        generationID,
        checksum
      )
      room.storeLittleEndian(digest, at: 0)
      pages.append(contentsOf: page)
      number += 1
    }
    return pages
  }

  /// Reads the pages behind `header`.
  ///
  /// `bytes` are the file from ``offset`` on; there may be more of them than the pages need.
  ///
  /// - Throws: what is wrong with the first bad page.
  package static func decode(
    _ bytes: Span<UInt8>,
    header: CheckpointHeader,
    checksum: Checksum
  ) throws(FormatError) -> [IndexEntry] {
    var entries: [IndexEntry] = []
    entries.reserveCapacity(min(Int(clamping: header.entryCount), bytes.count))
    try forEach(in: bytes, header: header, checksum: checksum) { entries.append($0) }
    return entries
  }

  /// Calls `body` with each entry, as ``decode(_:header:checksum:)`` returns them.
  ///
  /// - Throws: what is wrong with the first bad page, after the entries before it and its own up to
  ///   there.
  package static func forEach(
    in bytes: Span<UInt8>,
    header: CheckpointHeader,
    checksum: Checksum,
    _ body: (IndexEntry) -> Void
  ) throws(FormatError) {
    guard let entryCount = Int(exactly: header.entryCount),
      entryCount <= bytes.count / IndexEntry.byteCount,
      byteCount(entryCount: entryCount) <= bytes.count
    else {
      throw FormatError(.lengthOutOfBounds, in: .checkpointPage, at: offset)
    }
    var position = 0
    var number: UInt32 = 0
    while Int(number) * entriesPerPage < entryCount {
      let count = min(entriesPerPage, entryCount - Int(number) * entriesPerPage)
      let end = position + pageByteCount(entryCount: count)
      let page = bytes.extracting(position..<end)
      let place = offset &+ UInt64(position)
      if let damage = Self.read(page, number, count, header, checksum, body) {
        throw FormatError(damage, in: .checkpointPage, at: place)
      }
      position = end
      number += 1
    }
  }

  /// Goes through the entries of one page, or says what is wrong with it.
  private static func read(
    _ page: Span<UInt8>,
    _ number: UInt32,
    _ count: Int,
    _ header: CheckpointHeader,
    _ checksum: Checksum,
    _ body: (IndexEntry) -> Void
  ) -> Damage? {
    let digest = TablePage.digest(
      of: page,
      owner: UInt64(header.partition),
      header.generationID,
      checksum
    )
    guard page.littleEndian(at: 0, as: UInt64.self) == digest else { return .badChecksum }
    guard page.littleEndian(at: 8, as: UInt32.self) == number else { return .misplaced }
    guard Int(page.littleEndian(at: 12, as: UInt32.self)) == count else { return .contradiction }
    var fields = FieldReader(at: pageHeadByteCount)
    for _ in 0..<count {
      let fingerprint = fields.next(UInt64.self, in: page)
      guard let place = IndexPlace(rawValue: fields.next(UInt64.self, in: page)) else {
        return .unknownKind(0)
      }
      body(IndexEntry(fingerprint: fingerprint, place: place))
    }
    return fields.passZeroes(upTo: page.count, in: page) ? nil : .reservedNotZero
  }
}
