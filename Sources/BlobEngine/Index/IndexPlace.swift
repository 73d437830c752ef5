/// Where a blob's record lies, in one word.
///
/// ```
///  bit 0             20                42                    52     54        55      60     64
///      +-------------+-----------------+---------------------+------+---------+-------+------+
///      | slot number | offset / 64     | record length class | kind | deleted | flags | zero |
///      +-------------+-----------------+---------------------+------+---------+-------+------+
/// ```
///
/// 2^20 slots of 2^22 × 64 B = 256 MiB are 256 TiB. The word of a place is never zero, since a kind
/// is not: zero is an empty place in the table.
package struct IndexPlace: Hashable, Sendable {
  package let rawValue: UInt64

  private static let offsetShift: UInt64 = 20
  private static let classShift: UInt64 = 42
  private static let kindShift: UInt64 = 52
  private static let deletedBit: UInt64 = 1 << 54
  private static let flagsShift: UInt64 = 55
  private static let spareShift: UInt64 = 60
  private static let whereMask: UInt64 = (1 << classShift) - 1

  /// Reads a word, or returns nil when it is not a place.
  package init?(rawValue: UInt64) {
    guard rawValue >> Self.spareShift == 0 else { return nil }
    guard IndexKind(rawValue: UInt8(rawValue >> Self.kindShift & 3)) != nil else { return nil }
    self.rawValue = rawValue
  }

  /// A word that came out of the table, whose only way in is a place.
  init(trusted rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// Describes a record of `recordByteCount` bytes at `offset` of the segment in `slot`.
  ///
  /// - Precondition: the slot and the offset are within the format's limits, the offset is a
  ///   multiple of 64.
  package init(
    slot: UInt32,
    offset: UInt64,
    recordByteCount: UInt64,
    kind: IndexKind,
    flags: IndexFlags = []
  ) {
    precondition(slot < StoreFormat.maximumSlotCount, "an index entry can name the slot")
    precondition(offset < StoreFormat.maximumSegmentByteCount, "and the offset")
    precondition(offset % UInt64(StoreFormat.recordAlignment) == 0, "records are aligned")
    let size = SizeClass(covering: recordByteCount)
    self.rawValue =
      UInt64(slot)
      | (offset / UInt64(StoreFormat.recordAlignment)) << Self.offsetShift
      | UInt64(size.rawValue) << Self.classShift
      | UInt64(kind.rawValue) << Self.kindShift
      | UInt64(flags.rawValue & IndexFlags.mask) << Self.flagsShift
  }

  /// The slot of the segment.
  package var slot: UInt32 { UInt32(rawValue & ((1 << Self.offsetShift) - 1)) }

  /// Where the record begins, in bytes from the start of its segment.
  package var offset: UInt64 {
    ((rawValue & Self.whereMask) >> Self.offsetShift) * UInt64(StoreFormat.recordAlignment)
  }

  /// How many bytes to read at ``offset``: the record, and at most 6.25 % more.
  ///
  /// Bounded by nothing but the class; the caller stops at the end of the segment.
  package var readByteCount: UInt64 {
    SizeClass(rawValue: UInt16(truncatingIfNeeded: rawValue >> Self.classShift)).byteCount
  }

  /// What is there.
  package var kind: IndexKind {
    IndexKind(rawValue: UInt8(rawValue >> Self.kindShift & 3)) ?? .blob
  }

  /// What else is known of it.
  package var flags: IndexFlags {
    IndexFlags(rawValue: UInt8(rawValue >> Self.flagsShift) & IndexFlags.mask)
  }

  /// Whether the blob is deleted, and its bytes are kept until its delay is over.
  package var isDeleted: Bool { rawValue & Self.deletedBit != 0 }

  /// The same record, of a blob that is deleted or of one that is there.
  package func deleted(_ isDeleted: Bool) -> IndexPlace {
    let others = rawValue & ~Self.deletedBit
    return IndexPlace(trusted: isDeleted ? others | Self.deletedBit : others)
  }

  /// Whether both are the same slot and offset, whatever their flags.
  package func isSameRecord(as other: IndexPlace) -> Bool {
    rawValue & Self.whereMask == other.rawValue & Self.whereMask
  }
}

/// What an index entry leads to: two bits on disk, never zero.
package enum IndexKind: UInt8, Hashable, Sendable, CaseIterable {
  /// A record with the blob's stored bytes.
  case blob = 1
  /// A record with a list of extents.
  case blobOf = 2
  /// A record with a list of ranges of chunks.
  case recipe = 3

  /// The kind of a record that the index leads to.
  init(_ type: RecordType) {
    switch type {
    case .blobOf: self = .blobOf
    case .recipe: self = .recipe
    default: self = .blob
    }
  }
}

/// What an index entry says beside its place: five bits on disk.
package struct IndexFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  static let mask: UInt8 = 0x1F

  /// The stored bytes are compressed.
  package static let compressed = IndexFlags(rawValue: 1 << 0)
  /// The stored bytes are recipes' chunks.
  package static let recipe = IndexFlags(rawValue: 1 << 1)
  /// Never reclaimed.
  package static let pinned = IndexFlags(rawValue: 1 << 2)
  /// The segment lies in an object store.
  package static let tiered = IndexFlags(rawValue: 1 << 3)
  /// The bytes can be fetched again.
  package static let relaxed = IndexFlags(rawValue: 1 << 4)

  /// What a record's flags say of its entry.
  init(_ flags: RecordFlags) {
    var result: IndexFlags = []
    if flags.contains(.relaxed) { result.insert(.relaxed) }
    if flags.contains(.chunk) { result.insert(.recipe) }
    self = result
  }
}

/// An entry as a checkpoint keeps it.
package struct IndexEntry: Hashable, Sendable {
  package static let byteCount = 16

  package var fingerprint: UInt64
  package var place: IndexPlace

  package init(fingerprint: UInt64, place: IndexPlace) {
    self.fingerprint = fingerprint
    self.place = place
  }
}
