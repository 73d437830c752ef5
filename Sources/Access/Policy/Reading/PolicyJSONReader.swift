/// Reads the JSON text of a policy (RFC 8259) in one pass, and remembers where everything stands.
///
/// Stricter than the RFC in one point: a name may appear only once in an object, because which of
/// two would count is anybody's guess. Nesting is bounded; a policy needs six levels.
/// - Complexity: O(n) in the number of bytes, O(m²) in the members of one object, which the length
///   of a policy bounds.
struct PolicyJSONReader {
  static let maximumDepth = 16

  private let bytes: [UInt8]
  private var position = 0

  static func read(_ bytes: [UInt8]) throws(LocatedFault) -> PolicyValue {
    var reader = PolicyJSONReader(bytes: bytes)
    let value = try reader.value(path: "", depth: 0)
    reader.skipSpace()
    guard reader.position == bytes.count else {
      throw reader.fault("", "there is text after the end of the document")
    }
    return value
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func fault(_ path: String, _ reason: String) -> LocatedFault {
    LocatedFault(
      path: path,
      offset: position,
      reason: position < bytes.count ? reason : "the document ends too early"
    )
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      position += 1
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value(path: String, depth: Int) throws(LocatedFault) -> PolicyValue {
    skipSpace()
    let start = position
    guard depth < Self.maximumDepth else { throw fault(path, "values are nested too deeply") }
    let content: PolicyValue.Content =
      switch next {
      case UInt8(ascii: "{"): .object(try object(path: path, depth: depth))
      case UInt8(ascii: "["): .array(try array(path: path, depth: depth))
      case UInt8(ascii: "\""): .string(try string(path: path))
      case UInt8(ascii: "t"): try word("true", .bool(true), path: path)
      case UInt8(ascii: "f"): try word("false", .bool(false), path: path)
      case UInt8(ascii: "n"): try word("null", .null, path: path)
      default: .number(try number(path: path))
      }
    return PolicyValue(content: content, offset: start, path: path)
  }

  private mutating func word(
    _ word: String,
    _ content: PolicyValue.Content,
    path: String
  ) throws(LocatedFault) -> PolicyValue.Content {
    guard bytes[position...].starts(with: word.utf8) else {
      throw fault(path, "a value is expected here")
    }
    position += word.utf8.count
    return content
  }

  private mutating func array(path: String, depth: Int) throws(LocatedFault) -> [PolicyValue] {
    position += 1
    var values: [PolicyValue] = []
    skipSpace()
    guard !take("]") else { return values }
    while true {
      values.append(try value(path: "\(path)[\(values.count)]", depth: depth + 1))
      skipSpace()
      if take("]") { return values }
      guard take(",") else { throw fault(path, "`,` or `]` is expected here") }
    }
  }

  private mutating func object(
    path: String,
    depth: Int
  ) throws(LocatedFault) -> [PolicyValue.Member] {
    position += 1
    var members: [PolicyValue.Member] = []
    skipSpace()
    guard !take("}") else { return members }
    while true {
      members.append(try member(after: members, path: path, depth: depth))
      skipSpace()
      if take("}") { return members }
      guard take(",") else { throw fault(path, "`,` or `}` is expected here") }
    }
  }

  private mutating func member(
    after members: [PolicyValue.Member],
    path: String,
    depth: Int
  ) throws(LocatedFault) -> PolicyValue.Member {
    skipSpace()
    let start = position
    guard next == UInt8(ascii: "\"") else { throw fault(path, "a name is expected here") }
    let name = try string(path: path)
    let inner = PolicyValue.path(of: name, in: path)
    guard !members.contains(where: { $0.name == name }) else {
      throw LocatedFault(path: inner, offset: start, reason: "the name appears twice")
    }
    skipSpace()
    guard take(":") else { throw fault(inner, "`:` is expected here") }
    return PolicyValue.Member(
      name: name,
      nameOffset: start,
      value: try value(path: inner, depth: depth + 1)
    )
  }
}

extension PolicyJSONReader {
  private mutating func number(path: String) throws(LocatedFault) -> String {
    let start = position
    _ = take("-")
    if !take("0") { try digits(path: path) }
    if take(".") { try digits(path: path) }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits(path: path)
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits(path: String) throws(LocatedFault) {
    func isDigit(_ byte: UInt8?) -> Bool {
      byte.map { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ?? false
    }
    guard isDigit(next) else { throw fault(path, "a value is expected here") }
    while isDigit(next) { position += 1 }
  }

  private mutating func string(path: String) throws(LocatedFault) -> String {
    let start = position
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      guard byte >= 0x20 else { throw fault(path, "a string has a bare control character") }
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw LocatedFault(path: path, offset: start, reason: "the string is not UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): try escape(into: &text, path: path)
      default: text.append(byte)
      }
    }
    throw LocatedFault(path: path, offset: start, reason: "the string has no end")
  }

  private mutating func escape(into text: inout [UInt8], path: String) throws(LocatedFault) {
    guard let byte = next else { throw fault(path, "a string has no end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text += String(Character(try scalar(path: path))).utf8
    default:
      position -= 1
      throw fault(path, "a string has an unknown escape")
    }
  }

  /// The scalar of `\u` and four digits, or of two of them for a pair of surrogates.
  private mutating func scalar(path: String) throws(LocatedFault) -> Unicode.Scalar {
    let unit = try codeUnit(path: path)
    if let scalar = Unicode.Scalar(unit) { return scalar }
    if 0xD800..<0xDC00 ~= unit, take("\\"), take("u") {
      let low = try codeUnit(path: path)
      if 0xDC00..<0xE000 ~= low,
        let scalar = Unicode.Scalar((unit - 0xD800) << 10 + (low - 0xDC00) + 0x10000)
      {
        return scalar
      }
    }
    throw fault(path, "a string has half of a surrogate pair")
  }

  private mutating func codeUnit(path: String) throws(LocatedFault) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw fault(path, "a string has a broken \\u escape")
      }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }
}
