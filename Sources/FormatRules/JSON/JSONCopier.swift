internal import Bytes

/// Copies the text of a JSON value (RFC 8259) without its blanks, and without building anything of
/// it: for what is passed on and not looked into.
///
/// As strict as ``JSONReader``, so that no document that is put together from copies is broken by
/// one of them; strings and numbers keep their spelling.
/// - Complexity: O(n), one copy for each stretch without blanks; none where there are no blanks at
///   all.
struct JSONCopier {
  private let bytes: [UInt8]
  private let end: Int
  private var position: Int
  /// Where the stretch begins that is not copied yet.
  private var stretch: Int
  private var copy: [UInt8] = []
  private var nodes: [JSONOutline.Node] = []

  /// Returns the text of the value that stands in `place`.
  static func copy(_ place: Range<Int>, of bytes: [UInt8]) throws(MalformedInput) -> [UInt8] {
    var copier = JSONCopier(bytes, place)
    try copier.run(outlineDepth: 0)
    return copier.copied
  }

  /// Returns the text of the value that the whole of `bytes` spells, with an outline of it.
  static func outline(of bytes: [UInt8]) throws(MalformedInput) -> JSONOutline {
    // RFC 8259 section 8.1 lets a reader ignore the byte order mark.
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var copier = JSONCopier(bytes, start..<bytes.count)
    copier.nodes.reserveCapacity(bytes.count / 128)
    try copier.run(outlineDepth: JSONOutline.depth)
    return JSONOutline(text: copier.copied, nodes: copier.nodes)
  }

  private init(_ bytes: [UInt8], _ place: Range<Int>) {
    self.bytes = bytes
    end = place.upperBound
    position = place.lowerBound
    stretch = place.lowerBound
  }

  private mutating func run(outlineDepth: Int) throws(MalformedInput) {
    try value(depth: 0, outlineDepth)
    skipSpace()
    guard position == end else { throw failure("text after the value") }
  }

  /// The copy, which is the text itself where that is whole and has no blanks.
  private var copied: [UInt8] {
    mutating get {
      guard stretch > 0 || end < bytes.count else { return bytes }
      flush()
      return copy
    }
  }

  private func failure(_ reason: String) -> MalformedInput {
    MalformedInput("JSON", "\(reason) at byte \(position)")
  }

  private var next: UInt8? { position < end ? bytes[position] : nil }

  /// Where in the copy the next byte is going to stand.
  private var target: UInt32 { UInt32(truncatingIfNeeded: copy.count + position - stretch) }

  private mutating func flush() {
    guard stretch < position else { return }
    if copy.isEmpty { copy.reserveCapacity(end - stretch) }
    let bytes = bytes
    copy.append(copying: bytes.span.extracting(stretch..<position))
  }

  private mutating func skipSpace() {
    guard let byte = next, byte <= 0x20, byte.isBlank, byte != 0x0C else { return }
    flush()
    while let byte = next, byte.isBlank, byte != 0x0C { position += 1 }
    stretch = position
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int, _ outlineDepth: Int) throws(MalformedInput) {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): try object(depth: depth, outlineDepth)
    case UInt8(ascii: "["): try array(depth: depth)
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

  private mutating func array(depth: Int) throws(MalformedInput) {
    guard depth < JSONReader.maximumDepth else { throw failure("nested too deep") }
    position += 1
    skipSpace()
    guard !take("]") else { return }
    while true {
      // What is in an array is not outlined: its members have no path of names.
      try value(depth: depth + 1, 0)
      skipSpace()
      if take("]") { return }
      guard take(",") else { throw failure("neither a comma nor an end") }
    }
  }

  private mutating func object(depth: Int, _ outlineDepth: Int) throws(MalformedInput) {
    guard depth < JSONReader.maximumDepth else { throw failure("nested too deep") }
    position += 1
    skipSpace()
    guard !take("}") else { return }
    while true {
      skipSpace()
      try member(depth: depth, outlineDepth)
      skipSpace()
      if take("}") { return }
      guard take(",") else { throw failure("neither a comma nor an end") }
    }
  }

  private mutating func member(depth: Int, _ outlineDepth: Int) throws(MalformedInput) {
    guard next == UInt8(ascii: "\"") else { throw failure("a member without a name") }
    let (start, number) = (target + 1, nodes.count)
    try string()
    if depth < outlineDepth { try append(.init(nameStart: start, nameEnd: target - 1)) }
    skipSpace()
    guard take(":") else { throw failure("no `:` after a name") }
    try value(depth: depth + 1, outlineDepth)
    guard depth < outlineDepth else { return }
    nodes[number].end = target
    nodes[number].next = UInt32(nodes.count)
  }

  private mutating func append(_ node: JSONOutline.Node) throws(MalformedInput) {
    guard nodes.count < JSONOutline.mostNodes else { throw JSONOutline.tooManyMembers }
    nodes.append(node)
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
    while true {
      position = bytes.span.endOfPlainText(from: position, to: end)
      guard let byte = next, byte != UInt8(ascii: "\"") else { break }
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
