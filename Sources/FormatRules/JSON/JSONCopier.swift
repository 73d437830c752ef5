/// Copies the text of a JSON value (RFC 8259) without its blanks, and without building anything of
/// it: for what is passed on and not looked into.
///
/// As strict as ``JSONReader``, so that no document that is put together from copies is broken by
/// one of them; strings and numbers keep their spelling.
/// - Complexity: O(n), one copy for each stretch without blanks.
struct JSONCopier {
  private let bytes: [UInt8]
  private let end: Int
  private var position: Int
  /// Where the stretch begins that is not copied yet.
  private var stretch: Int
  private var copy: [UInt8]

  /// Returns the text of the value that stands in `place`.
  static func copy(_ place: Range<Int>, of bytes: [UInt8]) throws(MalformedInput) -> [UInt8] {
    var copier = JSONCopier(bytes, place)
    try copier.run()
    return copier.copy
  }

  private init(_ bytes: [UInt8], _ place: Range<Int>) {
    self.bytes = bytes
    end = place.upperBound
    position = place.lowerBound
    stretch = place.lowerBound
    copy = []
    copy.reserveCapacity(place.count)
  }

  private mutating func run() throws(MalformedInput) {
    try value(depth: 0)
    skipSpace()
    guard position == end else { throw failure("text after the value") }
    flush()
  }

  private func failure(_ reason: String) -> MalformedInput {
    MalformedInput("JSON", "\(reason) at byte \(position)")
  }

  private var next: UInt8? { position < end ? bytes[position] : nil }

  private mutating func flush() {
    if stretch < position { copy.append(contentsOf: bytes[stretch..<position]) }
  }

  private mutating func skipSpace() {
    guard let byte = next, byte.isBlank, byte != 0x0C else { return }
    flush()
    while let byte = next, byte.isBlank, byte != 0x0C { position += 1 }
    stretch = position
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(MalformedInput) {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): try items(depth: depth, isObject: true, closing: "}")
    case UInt8(ascii: "["): try items(depth: depth, isObject: false, closing: "]")
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    default: try number()
    }
  }

  private mutating func literal(_ word: String) throws(MalformedInput) {
    for character in word.utf8 {
      guard next == character else { throw failure("no value") }
      position += 1
    }
  }

  private mutating func items(
    depth: Int,
    isObject: Bool,
    closing: Unicode.Scalar
  ) throws(MalformedInput) {
    guard depth < JSONReader.maximumDepth else { throw failure("nested too deep") }
    position += 1
    skipSpace()
    guard !take(closing) else { return }
    while true {
      skipSpace()
      if isObject { try name() }
      try value(depth: depth + 1)
      skipSpace()
      if take(closing) { return }
      guard take(",") else { throw failure("neither a comma nor an end") }
    }
  }

  private mutating func name() throws(MalformedInput) {
    guard next == UInt8(ascii: "\"") else { throw failure("a member without a name") }
    try string()
    skipSpace()
    guard take(":") else { throw failure("no `:` after a name") }
  }

  private mutating func number() throws(MalformedInput) {
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
  }

  private mutating func digits() throws(MalformedInput) {
    guard next?.isDigit == true else { throw failure("no value") }
    while next?.isDigit == true { position += 1 }
  }

  private mutating func string() throws(MalformedInput) {
    position += 1
    let start = position
    var isPlain = true
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw failure("a bare control character in a string") }
      if byte >= 0x80 { isPlain = false }
      position += 1
      if byte == UInt8(ascii: "\\") { try escape() }
    }
    guard isPlain || String(validating: bytes[start..<position], as: UTF8.self) != nil else {
      throw failure("a string that is not UTF-8 before the end")
    }
    guard take("\"") else { throw failure("a string without end") }
  }

  private mutating func escape() throws(MalformedInput) {
    guard let byte = next else { throw failure("a string without end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return
    case UInt8(ascii: "u"):
      for _ in 0..<4 {
        guard let digit = next, Self.isHexadecimal(digit) else {
          throw failure("a broken \\u escape")
        }
        position += 1
      }
    default: throw failure("an unknown escape")
    }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    byte.isDigit || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte
      || UInt8(ascii: "A")...UInt8(ascii: "F") ~= byte
  }
}
