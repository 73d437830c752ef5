import Bytes
import Codec

/// What every one-page structure has in common: who it is, in the first 12 bytes, and an XXH3-128
/// over the rest, in the last 16.
///
/// ```
///  0        8         12                                        4080             4096
///  +--------+---------+------------------------------------------+----------------+
///  | magic  | version | fields, then zeroes                      | digest         |
///  +--------+---------+------------------------------------------+----------------+
/// ```
///
/// The digest covers bytes 0 to 4079 with 16 bytes appended that are not stored: the page's offset
/// in its file and an owner (a slot, a segment), so that a page in the wrong place does not match.
/// No version moves magic, version or digest: any build can tell a newer page from a broken one.
struct SealedPage {
  let magic: UInt64
  let structure: FormatStructure

  static let headByteCount = 12

  static let superblock = SealedPage(magic: ascii("LARDERSB"), structure: .superblock)
  static let segmentHeader = SealedPage(magic: ascii("LARDERSG"), structure: .segmentHeader)
  static let trailer = SealedPage(magic: ascii("LARDERTR"), structure: .trailer)
  static let checkpoint = SealedPage(magic: ascii("LARDERCP"), structure: .checkpointHeader)

  private static func ascii(_ text: StaticString) -> UInt64 {
    text.description.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Starts a page; its fields are appended next, then ``seal(_:at:owner:checksum:)``.
  func begin() -> FieldWriter {
    var page = FieldWriter()
    page.append(magic)
    page.append(StoreFormat.version)
    return page
  }

  /// Pads the page and closes it with its digest.
  func seal(
    _ fields: consuming FieldWriter,
    at offset: UInt64,
    owner: UInt64,
    checksum: Checksum
  ) -> [UInt8] {
    var page = fields
    page.pad(to: StoreFormat.pageDigestOffset)
    let digest = Self.digest(of: page.bytes.span, at: offset, owner: owner, checksum: checksum)
    page.append(digest.low)
    page.append(digest.high)
    return page.bytes
  }

  /// Checks magic, digest and version, in this order, and returns a reader of the fields.
  func open(
    _ page: Span<UInt8>,
    at offset: UInt64,
    owner: UInt64,
    checksum: Checksum
  ) throws(FormatError) -> FieldReader {
    guard page.count == StoreFormat.pageByteCount else {
      throw FormatError(.lengthOutOfBounds, in: structure, at: offset)
    }
    var fields = FieldReader()
    guard fields.next(UInt64.self, in: page) == magic else {
      throw FormatError(.badMagic, in: structure, at: offset)
    }
    let version = fields.next(UInt32.self, in: page)
    var tail = FieldReader(at: StoreFormat.pageDigestOffset)
    let stored = Digest128(
      low: tail.next(UInt64.self, in: page),
      high: tail.next(UInt64.self, in: page)
    )
    let covered = page.extracting(0..<StoreFormat.pageDigestOffset)
    guard stored == Self.digest(of: covered, at: offset, owner: owner, checksum: checksum) else {
      throw FormatError(.badChecksum, in: structure, at: offset)
    }
    guard version <= StoreFormat.version, version > 0 else {
      throw FormatError(
        .unsupportedVersion(found: version, newest: StoreFormat.version),
        in: structure,
        at: offset
      )
    }
    return fields
  }

  private static func digest(
    of covered: Span<UInt8>,
    at offset: UInt64,
    owner: UInt64,
    checksum: Checksum
  ) -> Digest128 {
    var input = FieldWriter(reserving: StoreFormat.pageByteCount)
    input.append(covered.makeArray())
    input.append(offset)
    input.append(owner)
    return checksum.digest128(input.bytes.span)
  }
}
