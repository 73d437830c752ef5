import Bytes

/// A member of a zip archive, as the central directory lists it (APPNOTE 4.3.12).
struct ZipMember: Hashable, Sendable {
  static let headerByteCount: UInt64 = 30
  private static let entryMagic: UInt32 = 0x0201_4B50
  private static let headerMagic: UInt32 = 0x0403_4B50
  private static let entryByteCount = 46
  private static let zip64Item: UInt16 = 1
  /// The flag of a member whose sizes stand behind its bytes.
  private static let sizesFollow: UInt16 = 1 << 3

  /// Where the local header begins.
  let headerOffset: UInt64
  /// The bytes of the member as they stand in the archive.
  let byteCount: UInt64
  let method: UInt16
  /// What tells the member from others.
  let print: MemberPrint
  /// Where the next member or the directory begins.
  private(set) var limit: UInt64 = 0

  /// Reads all entries of a directory; nil when one cannot be read, or there are others than the
  /// end record counts.
  ///
  /// The count's lower 16 bits are compared: writers without 64-bit records let it overflow.
  static func members(in directory: Span<UInt8>, count: UInt64) -> [ZipMember]? {
    var members: [ZipMember] = []
    var position = 0
    while position < directory.count {
      guard let member = ZipMember(in: directory, at: &position) else { return nil }
      members.append(member)
    }
    return members.count & 0xFFFF == Int(count & 0xFFFF) ? members : nil
  }

  private init?(in directory: Span<UInt8>, at position: inout Int) {
    let rest = directory.extracting(position..<directory.count)
    guard rest.count >= Self.entryByteCount,
      rest.littleEndian(at: 0, as: UInt32.self) == Self.entryMagic
    else { return nil }
    let name = Int(rest.littleEndian(at: 28, as: UInt16.self))
    let extra = Int(rest.littleEndian(at: 30, as: UInt16.self))
    let comment = Int(rest.littleEndian(at: 32, as: UInt16.self))
    let end = Self.entryByteCount + name + extra + comment
    guard end <= rest.count, rest.littleEndian(at: 34, as: UInt16.self) == 0 else { return nil }
    var wide = Self.zip64Values(
      in: rest.extracting((Self.entryByteCount + name)..<(Self.entryByteCount + name + extra))
    )
    // The 64-bit values stand in this order, each only where the other is at its limit.
    guard let plain = rest.field(at: 24, or: &wide),
      let stored = rest.field(at: 20, or: &wide),
      let offset = rest.field(at: 42, or: &wide)
    else { return nil }
    headerOffset = offset
    byteCount = stored
    method = rest.littleEndian(at: 10)
    print = MemberPrint(
      checksum: rest.littleEndian(at: 16),
      plainByteCount: plain,
      byteCount: stored
    )
    position += end
  }

  /// The values of the 64-bit item among the extra fields (APPNOTE 4.5.3), in their order.
  private static func zip64Values(in extra: Span<UInt8>) -> ArraySlice<UInt64> {
    var position = 0
    while position + 4 <= extra.count {
      let kind = extra.littleEndian(at: position, as: UInt16.self)
      let count = Int(extra.littleEndian(at: position + 2, as: UInt16.self))
      position += 4
      guard position + count <= extra.count else { return [] }
      if kind == zip64Item {
        return (0..<(count / 8)).map { extra.littleEndian(at: position + 8 * $0) }[...]
      }
      position += count
    }
    return []
  }

  /// Sorts members by their places, and notes where each has to end; nil when they overlap or do
  /// not lie before `end`, where the directory begins.
  static func bounded(_ members: [ZipMember], by end: UInt64) -> [ZipMember]? {
    var sorted = members.sorted { $0.headerOffset < $1.headerOffset }
    for index in sorted.indices {
      let limit = index + 1 < sorted.count ? sorted[index + 1].headerOffset : end
      let least = sorted[index].byteCount.addingReportingOverflow(headerByteCount)
      guard !least.overflow, sorted[index].headerOffset <= limit,
        limit - sorted[index].headerOffset >= least.partialValue
      else { return nil }
      sorted[index].limit = limit
    }
    return sorted
  }

  /// Where the member's bytes lie, by its local header (APPNOTE 4.3.7); nil when that contradicts
  /// the directory.
  ///
  /// - Precondition: `header` are ``headerByteCount`` bytes.
  func dataRange(header: Span<UInt8>) -> Range<UInt64>? {
    let stored = header.littleEndian(at: 18, as: UInt32.self)
    let knowsSize = header.littleEndian(at: 6, as: UInt16.self) & Self.sizesFollow == 0
    guard header.littleEndian(at: 0, as: UInt32.self) == Self.headerMagic,
      header.littleEndian(at: 8, as: UInt16.self) == method,
      !knowsSize || stored == .max || UInt64(stored) == byteCount
    else { return nil }
    let name = UInt64(header.littleEndian(at: 26, as: UInt16.self))
    let extra = UInt64(header.littleEndian(at: 28, as: UInt16.self))
    let start = headerOffset + Self.headerByteCount + name + extra
    guard start <= limit, limit - start >= byteCount, byteCount > 0 else { return nil }
    return start..<(start + byteCount)
  }
}

extension Span where Element == UInt8 {
  /// The 32-bit field at `offset`, or the next of `wide` when it is at its limit; nil: there is
  /// none.
  fileprivate func field(at offset: Int, or wide: inout ArraySlice<UInt64>) -> UInt64? {
    let value = littleEndian(at: offset, as: UInt32.self)
    return value == .max ? wide.popFirst() : UInt64(value)
  }
}
