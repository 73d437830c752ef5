/// Reads a tape archive, fed in pieces (POSIX.1-2017 `pax`, "ustar Interchange Format" and "pax
/// Header Block"; the GNU long names that Python writes).
///
/// Memory is bounded: file contents pass through, and a long name or extended header may be as
/// long as ``longestHeader``.
struct TarReader {
  struct Member: Hashable {
    var path: String
    var byteCount: UInt64
    /// Whether it is an ordinary file, rather than a folder, a link or a device.
    var isFile: Bool
    /// Where a symbolic link leads; nil for everything else.
    var linkTarget: String?
    /// The path, in the archive, of the file that a hard link is another name of; nil for
    /// everything else.
    var hardLinkTarget: String?
    /// Whether it is a device or a pipe.
    var isDevice = false
  }

  enum Event: Hashable {
    case member(Member)
    /// More of the content of the member before.
    case content(ArraySlice<UInt8>)
    case endOfMember
  }

  static let longestHeader = 1 << 20
  private static let blockByteCount = 512

  private enum Purpose {
    case content
    case longName
    case longLink
    case extendedHeader
    case ignored
  }

  private var block: [UInt8] = []
  private var purpose = Purpose.ignored
  private var remaining: UInt64 = 0
  private var padding: UInt64 = 0
  /// The content of a header member so far.
  private var collected: [UInt8] = []
  /// What header members said about the next one.
  private var nextPath: String?
  private var nextLink: String?
  private var nextByteCount: UInt64?
  /// How many of the two blocks of zeros at the end have come.
  private var endBlockCount = 0

  /// Whether the two blocks of zeros at the end have begun; some writers leave the second out.
  var isFinished: Bool { endBlockCount > 0 }

  /// Takes more of the archive and returns what it brings, in order.
  mutating func feed(_ bytes: [UInt8]) throws(MalformedInput) -> [Event] {
    var events: [Event] = []
    var rest = bytes[...]
    while !rest.isEmpty, endBlockCount < 2 {
      if remaining > 0 {
        try takeContent(from: &rest, events: &events)
      } else if padding > 0 {
        let count = Int(min(padding, UInt64(rest.count)))
        rest = rest.dropFirst(count)
        padding -= UInt64(count)
      } else {
        try takeBlock(from: &rest, events: &events)
      }
    }
    return events
  }

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("tar archive", reason)
  }

  private mutating func takeContent(
    from rest: inout ArraySlice<UInt8>,
    events: inout [Event]
  ) throws(MalformedInput) {
    let count = Int(min(remaining, UInt64(rest.count)))
    let content = rest.prefix(count)
    rest = rest.dropFirst(count)
    remaining -= UInt64(count)
    switch purpose {
    case .content: events.append(.content(content))
    case .longName, .longLink, .extendedHeader: collected += content
    case .ignored: break
    }
    if remaining == 0 { try finishMember(&events) }
  }

  private mutating func finishMember(_ events: inout [Event]) throws(MalformedInput) {
    switch purpose {
    case .content: events.append(.endOfMember)
    case .longName:
      nextPath = String(decoding: collected.prefix { $0 != 0 }, as: UTF8.self)
    case .longLink:
      nextLink = String(decoding: collected.prefix { $0 != 0 }, as: UTF8.self)
    case .extendedHeader: try readExtendedHeader()
    case .ignored: break
    }
    collected = []
  }

  private mutating func takeBlock(
    from rest: inout ArraySlice<UInt8>,
    events: inout [Event]
  ) throws(MalformedInput) {
    let part = rest.prefix(Self.blockByteCount - block.count)
    block += part
    rest = rest.dropFirst(part.count)
    guard block.count == Self.blockByteCount else { return }
    defer { block.removeAll(keepingCapacity: true) }
    guard block.contains(where: { $0 != 0 }) else {
      endBlockCount += 1
      return
    }
    // Python stops at one block of zeros and npm's tar does not: each would see another archive.
    guard endBlockCount == 0 else { throw Self.failure("it goes on behind its end") }
    try beginMember(&events)
  }

  private mutating func beginMember(_ events: inout [Event]) throws(MalformedInput) {
    guard hasRightChecksum, let size = number(at: 124, width: 12) else {
      throw Self.failure("a member's header is damaged")
    }
    let type = block[156]
    let byteCount = isHeader(type) ? size : nextByteCount ?? size
    guard byteCount <= UInt64(Int64.max) - 512 else {
      throw Self.failure("a member's length cannot be")
    }
    try setPurpose(type, byteCount: byteCount, events: &events)
    remaining = byteCount
    padding = (512 - byteCount % 512) % 512
    if remaining == 0 { try finishMember(&events) }
  }

  private func isHeader(_ type: UInt8) -> Bool {
    type == UInt8(ascii: "L") || type == UInt8(ascii: "K") || type == UInt8(ascii: "x")
      || type == UInt8(ascii: "g")
  }

  private mutating func setPurpose(
    _ type: UInt8,
    byteCount: UInt64,
    events: inout [Event]
  ) throws(MalformedInput) {
    switch type {
    case UInt8(ascii: "L"): purpose = .longName
    case UInt8(ascii: "x"): purpose = .extendedHeader
    case UInt8(ascii: "K"): purpose = .longLink
    case UInt8(ascii: "g"): purpose = .ignored
    default:
      purpose = .content
      events.append(.member(member(type, byteCount: byteCount)))
      nextPath = nil
      nextLink = nil
      nextByteCount = nil
    }
    if isHeader(type), byteCount > UInt64(Self.longestHeader) {
      throw Self.failure("a member's name or extended header is too long")
    }
  }

  private func member(_ type: UInt8, byteCount: UInt64) -> Member {
    let target =
      type == UInt8(ascii: "1") || type == UInt8(ascii: "2")
      ? nextLink ?? text(at: 157, width: 100) : nil
    return Member(
      path: nextPath ?? path,
      byteCount: byteCount,
      isFile: type == 0 || type == UInt8(ascii: "0") || type == UInt8(ascii: "7"),
      linkTarget: type == UInt8(ascii: "2") ? target : nil,
      hardLinkTarget: type == UInt8(ascii: "1") ? target : nil,
      isDevice: type == UInt8(ascii: "3") || type == UInt8(ascii: "4")
        || type == UInt8(ascii: "6")
    )
  }

  private var path: String {
    let name = text(at: 0, width: 100)
    guard block[257..<262].elementsEqual("ustar".utf8) else { return name }
    let prefix = text(at: 345, width: 155)
    // The old GNU form keeps times where POSIX has the prefix.
    return prefix.isEmpty || block[262] == 0x20 ? name : "\(prefix)/\(name)"
  }

  private func text(at offset: Int, width: Int) -> String {
    String(decoding: block[offset..<(offset + width)].prefix { $0 != 0 }, as: UTF8.self)
  }

  /// An octal number, or GNU's base 256 when the first bit is set; nil when it is neither.
  private func number(at offset: Int, width: Int) -> UInt64? {
    let field = block[offset..<(offset + width)]
    if let first = field.first, first & 0x80 != 0 {
      guard first == 0x80, field.dropFirst().dropLast(8).allSatisfy({ $0 == 0 }) else {
        return nil
      }
      return field.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
    let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
    return digits.isEmpty ? 0 : UInt64(String(decoding: digits, as: UTF8.self), radix: 8)
  }

  /// The sum of all bytes with the checksum's own field as blanks.
  private var hasRightChecksum: Bool {
    let sum = block.enumerated().reduce(UInt64(0)) { sum, byte in
      sum + (148..<156 ~= byte.offset ? 0x20 : UInt64(byte.element))
    }
    return number(at: 148, width: 8) == sum
  }

  /// Records of `length keyword=value\n`; only paths and the size matter here.
  private mutating func readExtendedHeader() throws(MalformedInput) {
    var rest = collected[...]
    while !rest.isEmpty {
      let digits = rest.prefix(while: \.isDigit)
      guard let length = Int(String(decoding: digits, as: UTF8.self)), length <= rest.count,
        length > digits.count + 1
      else { throw Self.failure("an extended header is damaged") }
      let record = rest.prefix(length).dropFirst(digits.count + 1).dropLast()
      rest = rest.dropFirst(length)
      guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let value = String(decoding: record[(equals + 1)...], as: UTF8.self)
      switch String(decoding: record[..<equals], as: UTF8.self) {
      case "path": nextPath = value
      case "linkpath": nextLink = value
      case "size": nextByteCount = UInt64(value)
      default: break
      }
    }
  }
}
