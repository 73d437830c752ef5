internal import Bytes

/// Reads one JSON text (RFC 8259) in one pass.
///
/// Strict where the RFC is: no trailing commas, no comments, no bare control characters, no
/// ill-formed UTF-8. Nesting is bounded, so that hostile input cannot exhaust the stack, and so is
/// the number of values: two bytes of a text can become 60 of memory.
/// - Complexity: O(n) in the number of bytes.
package struct JSONReader {
  /// How deep arrays and objects may nest.
  ///
  /// Registry documents stay below ten.
  package static let maximumDepth = 64
  /// How many values a text may have, unless its reader knows better: they take about 120 MB.
  ///
  /// The simple page of a project with 100,000 files has 1.5 million.
  package static let mostValues = 2_000_000

  private let bytes: [UInt8]
  private let end: Int
  private var position: Int
  private var remainingValues: Int

  /// Returns the value that the whole of `bytes` spells.
  ///
  /// There may be `mostValues` in it, itself and all that it holds; names come with their values
  /// and are not counted.
  /// - Throws: ``MalformedInput`` for what is no JSON text, nests deeper than ``maximumDepth`` or
  ///   has more values.
  package static func read(
    _ bytes: [UInt8],
    mostValues: Int = Self.mostValues
  ) throws(MalformedInput) -> JSONValue {
    try read(bytes, in: 0..<bytes.count, mostValues: mostValues)
  }

  /// Returns the value that the bytes in `place` spell, without copying them first.
  static func read(
    _ bytes: [UInt8],
    in place: Range<Int>,
    mostValues: Int = Self.mostValues
  ) throws(MalformedInput) -> JSONValue {
    var reader = JSONReader(bytes, place, mostValues)
    reader.skipByteOrderMark()
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.position == place.upperBound else {
      throw reader.failure("text after the value")
    }
    return value
  }

  private init(_ bytes: [UInt8], _ place: Range<Int>, _ mostValues: Int) {
    self.bytes = bytes
    remainingValues = mostValues
    position = place.lowerBound
    end = place.upperBound
  }

  private func failure(_ reason: String) -> MalformedInput {
    MalformedInput("JSON", "\(reason) at byte \(position)")
  }

  private var next: UInt8? { position < end ? bytes[position] : nil }

  /// RFC 8259 section 8.1 lets a reader ignore the mark.
  private mutating func skipByteOrderMark() {
    if bytes[position..<end].starts(with: [0xEF, 0xBB, 0xBF]) { position += 3 }
  }

  private mutating func skipSpace() {
    while let byte = next, byte <= 0x20, byte.isBlank, byte != 0x0C { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(MalformedInput) -> JSONValue {
    remainingValues -= 1
    guard remainingValues >= 0 else { throw failure("more values than it may have") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: return try number()
    }
  }

  private mutating func literal(
    _ word: String,
    _ value: JSONValue
  ) throws(MalformedInput) -> JSONValue {
    guard bytes[position..<end].starts(with: word.utf8) else { throw failure("no value") }
    position += word.utf8.count
    return value
  }

  private mutating func descend(_ depth: Int) throws(MalformedInput) {
    guard depth < Self.maximumDepth else { throw failure("nested too deep") }
    position += 1
    skipSpace()
  }

  private mutating func array(depth: Int) throws(MalformedInput) -> JSONValue {
    try descend(depth)
    var values: [JSONValue] = []
    guard !take("]") else { return .array(values) }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(values) }
      guard take(",") else { throw failure("neither `,` nor `]` in an array") }
    }
  }

  private mutating func object(depth: Int) throws(MalformedInput) -> JSONValue {
    try descend(depth)
    var members: [JSONValue.Member] = []
    guard !take("}") else { return .object(members) }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw failure("a member without a name") }
      let name = try string()
      skipSpace()
      guard take(":") else { throw failure("no `:` after a name") }
      members.append(JSONValue.Member(name, try value(depth: depth + 1)))
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw failure("neither `,` nor `}` in an object") }
    }
  }

  private mutating func number() throws(MalformedInput) -> JSONValue {
    let start = position
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    return .number(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func digits() throws(MalformedInput) {
    guard next?.isDigit == true else { throw failure("no value") }
    while next?.isDigit == true { position += 1 }
  }

  /// The text between two quotes.
  ///
  /// The common string has no escape and is decoded in one piece; most are ASCII, which needs no
  /// other check.
  private mutating func string() throws(MalformedInput) -> String {
    position += 1
    let start = position
    position = bytes.span.endOfPlainText(from: position, to: end)
    if next == UInt8(ascii: "\"") {
      defer { position += 1 }
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }
    while let byte = next, byte >= 0x80 {
      position = bytes.span.endOfPlainText(from: position + 1, to: end)
    }
    if next == UInt8(ascii: "\"") {
      defer { position += 1 }
      return try decode(bytes[start..<position])
    }
    return try escapedString(after: bytes[start..<position])
  }

  private mutating func escapedString(
    after plain: ArraySlice<UInt8>
  ) throws(MalformedInput) -> String {
    var text = Array(plain)
    while let byte = next {
      guard byte >= 0x20 else { throw failure("a bare control character in a string") }
      position += 1
      if byte == UInt8(ascii: "\"") { return try decode(text[...]) }
      if byte == UInt8(ascii: "\\") {
        try escape(into: &text)
      } else {
        text.append(byte)
      }
    }
    throw failure("a string without end")
  }

  private func decode(_ text: ArraySlice<UInt8>) throws(MalformedInput) -> String {
    guard let string = String(validating: text, as: UTF8.self) else {
      throw failure("a string that is not UTF-8 before the end")
    }
    return string
  }

  private mutating func escape(into text: inout [UInt8]) throws(MalformedInput) {
    guard let byte = next else { throw failure("a string without end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text.append(String(Character(try unicodeEscape())))
    default: throw failure("an unknown escape")
    }
  }

  /// The scalar of `\u` and four digits, of two of them for a surrogate pair.
  ///
  /// A lone surrogate, which no UTF-8 text can hold, becomes U+FFFD.
  private mutating func unicodeEscape() throws(MalformedInput) -> Unicode.Scalar {
    let unit = try codeUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    let afterHigh = position
    if 0xD800..<0xDC00 ~= unit, take("\\"), take("u") {
      let low = try codeUnit()
      if 0xDC00..<0xE000 ~= low {
        return Unicode.Scalar((unit - 0xD800) << 10 + (low - 0xDC00) + 0x10000) ?? "\u{FFFD}"
      }
    }
    position = afterHigh
    return "\u{FFFD}"
  }

  private mutating func codeUnit() throws(MalformedInput) -> UInt32 {
    let digits = bytes[position..<end].prefix(4)
    guard digits.count == 4, digits.first != UInt8(ascii: "+"),
      let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw failure("a broken \\u escape") }
    position += 4
    return unit
  }
}
