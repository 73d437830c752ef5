import Bytes

/// The central directory of a ZIP archive (PKWARE APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16).
///
/// Only the archive's tail and the directory are read, so a wheel of a gigabyte costs as much as a
/// small one with as many members.
package struct ZipDirectory: Sendable {
  /// Directories longer than this are refused: a hundred bytes a member make it 600,000 members.
  package static let maximumByteCount = 64 << 20
  /// How many members an archive may have: each takes some 300 bytes of memory.
  ///
  /// The wheels with the most files have 20,000.
  package static let mostMembers = 200_000

  package let entries: [ZipEntry]
  /// Where the directory begins, and the members' bytes have to end.
  let offset: UInt64

  /// Reads the directory of the archive in `source`.
  ///
  /// - Throws: ``MalformedInput`` saying what is wrong, and what the source throws.
  package init(of source: ByteSource) async throws {
    let end = try await EndRecord(of: source)
    guard end.directoryByteCount <= UInt64(Self.maximumByteCount) else {
      throw Self.failure("its directory is longer than \(Self.maximumByteCount) bytes")
    }
    guard end.entryCount <= UInt64(Self.mostMembers) else { throw Self.tooManyMembers }
    // A member takes 46 bytes at least: a count that cannot be true is not worth reading for.
    guard end.entryCount <= end.directoryByteCount / UInt64(ZipEntry.headerByteCount) else {
      throw Self.failure(
        "its directory of \(end.directoryByteCount) bytes promises \(end.entryCount) members"
      )
    }
    let bytes = try await source.read(Int(end.directoryByteCount), at: end.directoryOffset)
    entries = try Self.entries(in: bytes, count: end.entryCount)
    offset = end.directoryOffset
  }

  private static var tooManyMembers: MalformedInput {
    failure("it has more than \(mostMembers) members")
  }

  static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("zip archive", reason)
  }

  private static func entries(
    in bytes: [UInt8],
    count: UInt64
  ) throws(MalformedInput) -> [ZipEntry] {
    var entries: [ZipEntry] = []
    var position = 0
    while position < bytes.count {
      let entry = try ZipEntry(reading: bytes, at: &position)
      entries.append(entry)
      guard entries.count <= mostMembers else { throw tooManyMembers }
    }
    guard UInt64(entries.count) == count else {
      throw failure("its directory lists \(entries.count) members and promises \(count)")
    }
    return entries
  }

  /// Where the directory is and how many members it lists.
  private struct EndRecord {
    static let byteCount = 22
    static let locatorByteCount = 20
    static let longestComment = 0xFFFF

    var entryCount: UInt64
    var directoryByteCount: UInt64
    var directoryOffset: UInt64

    init(of source: ByteSource) async throws {
      let reach = UInt64(Self.byteCount + Self.longestComment + Self.locatorByteCount)
      let tailByteCount = Int(min(source.byteCount, reach))
      let tailOffset = source.byteCount - UInt64(tailByteCount)
      let tail = try await source.read(tailByteCount, at: tailOffset)
      guard let position = Self.position(in: tail) else {
        throw ZipDirectory.failure("it has no end record, so it is no zip archive or was cut")
      }
      let record = Fields(tail, at: position)
      entryCount = UInt64(record.short(at: 10))
      directoryByteCount = UInt64(record.word(at: 12))
      directoryOffset = UInt64(record.word(at: 16))
      var limit = tailOffset + UInt64(position)
      if entryCount == 0xFFFF || directoryByteCount == 0xFFFF_FFFF
        || directoryOffset == 0xFFFF_FFFF
      {
        limit = try await readLongForm(of: source, tail: tail, before: position) ?? limit
      }
      guard directoryByteCount <= limit, directoryOffset <= limit - directoryByteCount else {
        throw ZipDirectory.failure("its directory lies outside of it")
      }
    }

    /// The last end record whose comment reaches exactly to the end of the archive.
    private static func position(in tail: [UInt8]) -> Int? {
      var position = tail.count - byteCount
      while position >= 0 {
        if tail[position] == 0x50, Fields(tail, at: position).word(at: 0) == 0x0605_4B50,
          position + byteCount + Int(Fields(tail, at: position).short(at: 20)) == tail.count
        {
          return position
        }
        position -= 1
      }
      return nil
    }

    /// Reads the zip64 record (section 4.3.14) and returns where it begins; nil when there is
    /// none, and the saturated values mean themselves.
    private mutating func readLongForm(
      of source: ByteSource,
      tail: [UInt8],
      before position: Int
    ) async throws -> UInt64? {
      let locator = position - Self.locatorByteCount
      guard locator >= 0, Fields(tail, at: locator).word(at: 0) == 0x0706_4B50 else { return nil }
      let offset = Fields(tail, at: locator).long(at: 8)
      let bytes = try await source.read(56, at: offset)
      let record = Fields(bytes, at: 0)
      guard record.word(at: 0) == 0x0606_4B50 else {
        throw ZipDirectory.failure("its zip64 end record is not where it says")
      }
      entryCount = record.long(at: 32)
      directoryByteCount = record.long(at: 40)
      directoryOffset = record.long(at: 48)
      return offset
    }
  }
}

/// Little-endian fields of a record whose bytes are known to be there.
struct Fields {
  private let bytes: [UInt8]
  private let start: Int

  init(_ bytes: [UInt8], at start: Int) {
    self.bytes = bytes
    self.start = start
  }

  func short(at offset: Int) -> UInt16 { bytes.span.littleEndian(at: start + offset) }
  func word(at offset: Int) -> UInt32 { bytes.span.littleEndian(at: start + offset) }
  func long(at offset: Int) -> UInt64 { bytes.span.littleEndian(at: start + offset) }
}
