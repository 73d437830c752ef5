package import Bytes
import Codec

/// One record of a sealed segment, as its footer lists it.
///
/// ```
///  0          32            36              40      44               48         56
///  +----------+-------------+---------------+-------+----------------+----------+
///  | key      | offset / 64 | record length | scope | kind and flags | sequence |
///  +----------+-------------+---------------+-------+----------------+----------+
/// ```
///
/// Kind and flags: the record type in bits 0–7, zero in 8–15, the record flags in 16–31. The scope
/// is here because it is part of the index fingerprint: an index is rebuilt from footers alone.
package struct FooterEntry: Hashable, Sendable {
  package static let byteCount = 56

  package var key: SHA256Digest
  /// Bytes from the start of the segment; a multiple of 64.
  package var offset: UInt64
  /// Head, extension and payload.
  package var recordByteCount: UInt32
  package var scope: UInt32
  package var type: RecordType
  package var flags: RecordFlags
  package var sequence: UInt64

  package init(
    key: SHA256Digest,
    offset: UInt64,
    recordByteCount: UInt32,
    scope: UInt32,
    type: RecordType,
    flags: RecordFlags,
    sequence: UInt64
  ) {
    self.key = key
    self.offset = offset
    self.recordByteCount = recordByteCount
    self.scope = scope
    self.type = type
    self.flags = flags
    self.sequence = sequence
  }

  /// The entry of a record that lies at `offset` of its segment, or nil for one of unknown kind.
  package init?(_ head: RecordHead, at offset: UInt64) {
    guard let type = head.type else { return nil }
    self.init(
      key: head.key,
      offset: offset,
      recordByteCount: UInt32(clamping: head.recordByteCount),
      scope: head.scope,
      type: type,
      flags: head.flags,
      sequence: head.sequence
    )
  }
}

extension FooterEntry: Comparable {
  /// By key, then by sequence, then by place.
  package static func < (left: FooterEntry, right: FooterEntry) -> Bool {
    (left.key, left.sequence, left.offset) < (right.key, right.sequence, right.offset)
  }
}

/// A sealed segment's table of contents: entries sorted by key, in pages of 64 KiB.
///
/// ```
///  0        8             12            16                    16 + 56 × count
///  +--------+-------------+-------------+---------------------+--------------------+
///  | digest | page number | entry count | entries             | zeroes to 64 KiB,  |
///  |        |             |             |                     | or 4 KiB: the last |
///  +--------+-------------+-------------+---------------------+--------------------+
/// ```
///
/// Invariants:
///
/// 1. 1,170 entries and the 16 bytes before them are 64 KiB exactly; all pages but the last are so.
/// 2. The last page ends at the next multiple of 4 KiB; without entries there are no pages.
/// 3. A page's digest covers all of it behind the digest, with the segment id appended.
package enum Footer {
  package static let pageHeadByteCount = 16
  package static let entriesPerPage =
    (StoreFormat.blockByteCount - pageHeadByteCount) / FooterEntry.byteCount

  /// The bytes of a footer with this many entries.
  package static func byteCount(entryCount: Int) -> Int {
    let (full, rest) = entryCount.quotientAndRemainder(dividingBy: entriesPerPage)
    return full * StoreFormat.blockByteCount + pageByteCount(entryCount: rest)
  }

  /// The bytes of a page with this many entries.
  fileprivate static func pageByteCount(entryCount: Int) -> Int {
    guard entryCount > 0 else { return 0 }
    return StoreFormat.roundUp(
      pageHeadByteCount + entryCount * FooterEntry.byteCount,
      to: StoreFormat.pageByteCount
    )
  }

  /// Returns the pages for these entries, in any order given.
  package static func encode(_ entries: [FooterEntry], in segment: SegmentIdentity) -> [UInt8] {
    let sorted = entries.sorted()
    var footer: [UInt8] = []
    footer.reserveCapacity(byteCount(entryCount: entries.count))
    var number: UInt32 = 0
    for start in stride(from: 0, to: sorted.count, by: entriesPerPage) {
      let chunk = sorted[start..<min(start + entriesPerPage, sorted.count)]
      footer.append(contentsOf: page(chunk, number: number, in: segment))
      number += 1
    }
    return footer
  }

  private static func page(
    _ entries: ArraySlice<FooterEntry>,
    number: UInt32,
    in segment: SegmentIdentity
  ) -> [UInt8] {
    let byteCount = pageByteCount(entryCount: entries.count)
    var fields = FieldWriter(reserving: byteCount)
    fields.append(UInt64(0))
    fields.append(number)
    fields.append(UInt32(entries.count))
    for entry in entries { fields.append(entry) }
    fields.pad(to: byteCount)
    var page = fields.bytes
    let digest = TablePage.digest(of: page.span, owner: segment.segmentID, 0, segment.checksum)
    var room = page.mutableSpan
    room.storeLittleEndian(digest, at: 0)
    return page
  }

  /// Reads the whole footer of a segment.
  ///
  /// `bytes` begin at `offset` of the segment and are as long as the trailer says.
  ///
  /// - Throws: what is wrong with the first bad page.
  package static func decode(
    _ bytes: Span<UInt8>,
    entryCount: Int,
    in segment: SegmentIdentity,
    at offset: UInt64
  ) throws(FormatError) -> [FooterEntry] {
    var entries: [FooterEntry] = []
    entries.reserveCapacity(max(0, min(entryCount, bytes.count / FooterEntry.byteCount)))
    try forEach(in: bytes, entryCount: entryCount, in: segment, at: offset) { entries.append($0) }
    return entries
  }

  /// Calls `body` with each entry, as ``decode(_:entryCount:in:at:)`` returns them.
  ///
  /// - Throws: what is wrong with the first bad page, after the entries before it.
  package static func forEach(
    in bytes: Span<UInt8>,
    entryCount: Int,
    in segment: SegmentIdentity,
    at offset: UInt64,
    _ body: (FooterEntry) -> Void
  ) throws(FormatError) {
    guard entryCount >= 0, entryCount <= bytes.count / FooterEntry.byteCount,
      bytes.count == byteCount(entryCount: entryCount)
    else {
      throw FormatError(.lengthOutOfBounds, in: .footerPage, at: offset)
    }
    var walk = FooterWalk(entryCount: entryCount, in: segment, at: offset)
    try walk.next(bytes, body)
  }

  fileprivate static func check(
    _ page: Span<UInt8>,
    number: UInt32,
    count: Int,
    in segment: SegmentIdentity,
    at place: UInt64
  ) throws(FormatError) {
    let digest = TablePage.digest(of: page, owner: segment.segmentID, 0, segment.checksum)
    guard page.littleEndian(at: 0, as: UInt64.self) == digest else {
      throw FormatError(.badChecksum, in: .footerPage, at: place)
    }
    guard page.littleEndian(at: 8, as: UInt32.self) == number else {
      throw FormatError(.misplaced, in: .footerPage, at: place)
    }
    guard Int(page.littleEndian(at: 12, as: UInt32.self)) == count else {
      throw FormatError(.contradiction, in: .footerPage, at: place)
    }
  }

  fileprivate static func forEach(
    in page: Span<UInt8>,
    count: Int,
    after last: inout FooterEntry?,
    at place: UInt64,
    _ body: (FooterEntry) -> Void
  ) throws(FormatError) {
    var fields = FieldReader(at: pageHeadByteCount)
    for _ in 0..<count {
      guard let entry = try FooterEntry(reading: &fields, in: page, at: place) else { continue }
      if let last, !(last < entry) { throw FormatError(.outOfOrder, in: .footerPage, at: place) }
      last = entry
      body(entry)
    }
    guard fields.passZeroes(upTo: page.count, in: page) else {
      throw FormatError(.reservedNotZero, in: .footerPage, at: place)
    }
  }
}

/// A walk through a footer that is read in parts, each of whole pages, in order.
package struct FooterWalk {
  private let entryCount: Int
  private let segment: SegmentIdentity
  private let offset: UInt64
  private var number: UInt32 = 0
  private var last: FooterEntry?

  /// Begins at the first page of a footer that lies at `offset` of its segment.
  package init(entryCount: Int, in segment: SegmentIdentity, at offset: UInt64) {
    self.entryCount = entryCount
    self.segment = segment
    self.offset = offset
  }

  /// Goes through the entries of the next part.
  ///
  /// - Throws: what is wrong with the first bad page, after the entries before it.
  package mutating func next(
    _ bytes: Span<UInt8>,
    _ body: (FooterEntry) -> Void
  ) throws(FormatError) {
    var position = 0
    while position < bytes.count {
      let place = offset &+ UInt64(Int(number) * StoreFormat.blockByteCount)
      let count = min(Footer.entriesPerPage, entryCount - Int(number) * Footer.entriesPerPage)
      let end = position + Footer.pageByteCount(entryCount: count)
      guard count > 0, end <= bytes.count else {
        throw FormatError(.lengthOutOfBounds, in: .footerPage, at: place)
      }
      let page = bytes.extracting(position..<end)
      try Footer.check(page, number: number, count: count, in: segment, at: place)
      try Footer.forEach(in: page, count: count, after: &last, at: place, body)
      position = end
      number += 1
    }
  }
}

extension FooterEntry {
  /// Reads an entry, or nil for one of a kind that this build may pass over.
  fileprivate init?(
    reading fields: inout FieldReader,
    in page: Span<UInt8>,
    at place: UInt64
  ) throws(FormatError) {
    self.key = fields.key(in: page)
    self.offset =
      UInt64(fields.next(UInt32.self, in: page)) * UInt64(StoreFormat.recordAlignment)
    self.recordByteCount = fields.next(UInt32.self, in: page)
    self.scope = fields.next(UInt32.self, in: page)
    let kind = fields.next(UInt32.self, in: page)
    self.sequence = fields.next(UInt64.self, in: page)
    self.flags = RecordFlags(rawValue: UInt16(truncatingIfNeeded: kind >> 16))
    let number = UInt8(truncatingIfNeeded: kind)
    let known = RecordType(rawValue: number)
    guard known != nil || !RecordType.mayBeIgnored(number) else { return nil }
    guard let type = known, kind & 0xFF00 == 0, !flags.hasUnknown else {
      throw FormatError(.unknownKind(kind), in: .footerPage, at: place)
    }
    self.type = type
    let end = offset + UInt64(recordByteCount)
    guard offset >= UInt64(SegmentHeader.byteCount), end <= StoreFormat.maximumSegmentByteCount,
      recordByteCount >= UInt32(RecordHead.byteCount)
    else {
      throw FormatError(.lengthOutOfBounds, in: .footerPage, at: place)
    }
  }
}

extension FieldWriter {
  fileprivate mutating func append(_ entry: FooterEntry) {
    append(entry.key)
    append(UInt32(truncatingIfNeeded: entry.offset / UInt64(StoreFormat.recordAlignment)))
    append(entry.recordByteCount)
    append(entry.scope)
    append(UInt32(entry.type.rawValue) | UInt32(entry.flags.rawValue) << 16)
    append(entry.sequence)
  }
}

/// What pages of table entries have in common: an XXH3-64 in front, over the rest and their owner.
enum TablePage {
  static func digest(
    of page: Span<UInt8>,
    owner: UInt64,
    _ generation: UInt64,
    _ checksum: Checksum
  ) -> UInt64 {
    var outer = [24 of UInt8](repeating: 0)
    var bytes = outer.mutableSpan
    bytes.storeLittleEndian(checksum.digest64(page.extracting(8..<page.count)), at: 0)
    bytes.storeLittleEndian(owner, at: 8)
    bytes.storeLittleEndian(generation, at: 16)
    return checksum.digest64(outer.span)
  }
}
