import Bytes

/// The end of central directory record of a zip archive (APPNOTE 4.3.16), and its 64-bit locator.
struct ZipEnd {
  static let byteCount: UInt64 = 22
  static let commentByteLimit: UInt64 = 65_535
  static let locatorByteCount: UInt64 = 20
  static let zip64ByteCount: UInt64 = 56
  private static let magic: UInt32 = 0x0605_4B50
  private static let locatorMagic: UInt32 = 0x0706_4B50

  /// Where the record begins in the archive.
  let offset: UInt64
  /// Where the 64-bit record begins; nil: there is none.
  let zip64Offset: UInt64?
  /// What the record says, where there is no 64-bit one; nil when that cannot be.
  let directory: ZipDirectoryPlace?

  /// Looks for the last record in the end of an archive, which begins at `start` of it.
  init?(searching tail: Span<UInt8>, from start: UInt64) {
    let size = Int(Self.byteCount)
    guard tail.count >= size else { return nil }
    var position = tail.count - size
    while !Self.isRecord(tail, at: position) {
      guard position > 0 else { return nil }
      position -= 1
    }
    offset = start + UInt64(position)
    zip64Offset = Self.zip64Offset(in: tail, before: position)
    directory = ZipDirectoryPlace(
      offset: UInt64(tail.littleEndian(at: position + 16, as: UInt32.self)),
      byteCount: UInt64(tail.littleEndian(at: position + 12, as: UInt32.self)),
      entryCount: UInt64(tail.littleEndian(at: position + 10, as: UInt16.self)),
      disks: [
        UInt32(tail.littleEndian(at: position + 4, as: UInt16.self)),
        UInt32(tail.littleEndian(at: position + 6, as: UInt16.self)),
      ],
      end: offset
    )
  }

  /// A record is one whose comment ends where the archive does.
  private static func isRecord(_ tail: Span<UInt8>, at position: Int) -> Bool {
    guard tail.littleEndian(at: position, as: UInt32.self) == magic else { return false }
    let comment = Int(tail.littleEndian(at: position + 20, as: UInt16.self))
    return position + Int(byteCount) + comment == tail.count
  }

  private static func zip64Offset(in tail: Span<UInt8>, before position: Int) -> UInt64? {
    let locator = position - Int(locatorByteCount)
    guard locator >= 0, tail.littleEndian(at: locator, as: UInt32.self) == locatorMagic else {
      return nil
    }
    return tail.littleEndian(at: locator + 8, as: UInt64.self)
  }
}

/// Where an archive's central directory lies, and how much it lists.
struct ZipDirectoryPlace: Hashable, Sendable {
  let range: Range<UInt64>
  let entryCount: UInt64

  private static let zip64Magic: UInt32 = 0x0606_4B50

  /// Nil when the directory does not end before the end record, or lies on other disks.
  init?(
    offset: UInt64,
    byteCount: UInt64,
    entryCount: UInt64,
    disks: [UInt32],
    end: UInt64
  ) {
    let (last, isTooLarge) = offset.addingReportingOverflow(byteCount)
    guard !isTooLarge, last <= end, disks.allSatisfy({ $0 == 0 }) else { return nil }
    range = offset..<last
    self.entryCount = entryCount
  }

  /// Reads the 64-bit end record (APPNOTE 4.3.14).
  ///
  /// - Precondition: `bytes` are ``ZipEnd/zip64ByteCount``.
  init?(zip64 bytes: Span<UInt8>, end: UInt64) {
    guard bytes.littleEndian(at: 0, as: UInt32.self) == Self.zip64Magic else { return nil }
    self.init(
      offset: bytes.littleEndian(at: 48),
      byteCount: bytes.littleEndian(at: 40),
      entryCount: bytes.littleEndian(at: 32),
      disks: [bytes.littleEndian(at: 16), bytes.littleEndian(at: 20)],
      end: end
    )
  }
}
