/// Walks through a TOML 1.0 document: tables, and the keys whose values are strings.
///
/// Only as strict as finding the way needs; nesting is bounded.
struct TOMLScanner {
  enum Item: Hashable {
    case table([String])
    case string(key: [String], String)
    case other
  }

  private static let maximumDepth = 32

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Returns the next table header or key; nil at the end.
  mutating func next() throws(MalformedInput) -> Item? {
    skipBlank(acrossLines: true)
    guard let byte = current else { return nil }
    if byte == UInt8(ascii: "[") { return .table(try header()) }
    let key = try self.key(until: UInt8(ascii: "="))
    let value = try self.value(depth: 0)
    return value.map { .string(key: key, $0) } ?? .other
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func failure(_ reason: String) -> MalformedInput {
    MalformedInput("Cargo.toml", "\(reason) at byte \(position)")
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard current == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipBlank(acrossLines: Bool) {
    while let byte = current {
      if byte == UInt8(ascii: "#") {
        while current.map({ $0 != 0x0A }) == true { position += 1 }
      } else if byte == 0x20 || byte == 0x09 || (acrossLines && (byte == 0x0A || byte == 0x0D)) {
        position += 1
      } else {
        return
      }
    }
  }

  private mutating func header() throws(MalformedInput) -> [String] {
    position += 1
    let isArray = take("[")
    let path = try key(until: UInt8(ascii: "]"))
    if isArray, !take("]") { throw failure("a header without its end") }
    // Elements of an array of tables are none of the tables that matter.
    return isArray ? ["[]"] + path : path
  }

  /// A dotted key, and the byte that ends it.
  private mutating func key(until end: UInt8) throws(MalformedInput) -> [String] {
    var parts: [String] = []
    while true {
      skipBlank(acrossLines: false)
      parts.append(try keyPart())
      skipBlank(acrossLines: false)
      guard let byte = current else { throw failure("a key without its end") }
      position += 1
      if byte == end { return parts }
      guard byte == UInt8(ascii: ".") else { throw failure("no key") }
    }
  }

  private mutating func keyPart() throws(MalformedInput) -> String {
    if current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") { return try string() }
    let start = position
    while let byte = current, byte.isLetter || byte.isDigit || byte == 0x2D || byte == 0x5F {
      position += 1
    }
    guard position > start else { throw failure("no key") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Passes a value; its text when it is a string.
  private mutating func value(depth: Int) throws(MalformedInput) -> String? {
    skipBlank(acrossLines: depth > 0)
    guard depth <= Self.maximumDepth else { throw failure("nested too deep") }
    switch current {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return try string()
    case UInt8(ascii: "["), UInt8(ascii: "{"): try nested(depth: depth)
    default: try bare()
    }
    return nil
  }

  private mutating func bare() throws(MalformedInput) {
    let start = position
    while let byte = current, byte != 0x0A, byte != UInt8(ascii: ","), byte != UInt8(ascii: "]"),
      byte != UInt8(ascii: "}"), byte != UInt8(ascii: "#")
    { position += 1 }
    guard position > start else { throw failure("no value") }
  }

  private mutating func nested(depth: Int) throws(MalformedInput) {
    let isTable = current == UInt8(ascii: "{")
    position += 1
    while true {
      skipBlank(acrossLines: true)
      if take(isTable ? "}" : "]") { return }
      if take(",") { continue }
      guard current != nil else { throw failure("a value without its end") }
      if isTable { _ = try key(until: UInt8(ascii: "=")) }
      _ = try value(depth: depth + 1)
    }
  }

  private mutating func string() throws(MalformedInput) -> String {
    let quote = bytes[position]
    let isLong = bytes[position...].starts(with: [quote, quote, quote])
    position += isLong ? 3 : 1
    // A line break right behind the opening quotes is not part of the text.
    if isLong, bytes[position...].starts(with: [0x0D, 0x0A]) { position += 1 }
    if isLong, current == 0x0A { position += 1 }
    var text: [UInt8] = []
    while let byte = current {
      if byte == quote, try closes(quote, isLong: isLong, &text) {
        guard let string = String(validating: text, as: UTF8.self) else {
          throw failure("a string that is not UTF-8 before the end")
        }
        return string
      } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        try escape(isLong: isLong, into: &text)
      } else if byte == 0x0A, !isLong {
        break
      } else if byte != quote || !isLong {
        text.append(byte)
        position += 1
      }
    }
    throw failure("a string without end")
  }

  /// At a quote: whether the string ends here.
  ///
  /// A long string may hold one or two, and may end in up to two more than its delimiter.
  private mutating func closes(
    _ quote: UInt8,
    isLong: Bool,
    _ text: inout [UInt8]
  ) throws(MalformedInput) -> Bool {
    let run = bytes[position...].prefix(5).prefix { $0 == quote }.count
    guard isLong else {
      position += 1
      return true
    }
    position += run
    guard run >= 3 else {
      text += [UInt8](repeating: quote, count: run)
      return false
    }
    text += [UInt8](repeating: quote, count: run - 3)
    return true
  }

  private mutating func escape(isLong: Bool, into text: inout [UInt8]) throws(MalformedInput) {
    position += 1
    guard let byte = current else { throw failure("a string without end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "u"): text.append(String(try scalar(digits: 4)))
    case UInt8(ascii: "U"): text.append(String(try scalar(digits: 8)))
    default:
      // A backslash at a line's end swallows the white space that follows.
      guard isLong, byte.isBlank else { throw failure("an unknown escape") }
      while current?.isBlank == true { position += 1 }
    }
  }

  private mutating func scalar(digits count: Int) throws(MalformedInput) -> Character {
    let digits = bytes[position...].prefix(count)
    guard digits.count == count, digits.first != UInt8(ascii: "+"),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
      let scalar = Unicode.Scalar(value)
    else { throw failure("a broken escape") }
    position += count
    return Character(scalar)
  }
}
