/// Reads one XML document (XML 1.0, fifth edition) into a tree, in one pass.
///
/// Well-formedness is asked for: tags match, attributes are quoted, one root. What a hostile
/// document could do is out of reach by construction: a document type is skipped unread, so no
/// entity is ever defined, nothing is fetched and nothing expands; depth, the number of elements
/// and the length are bounded. A reference to an entity that XML itself does not have (old project
/// files say `&oslash;`) stays as it was written.
/// - Complexity: O(n) in the number of bytes.
package struct XMLReader {
  /// How deep elements may nest; Maven's documents stay below twenty.
  package static let maximumDepth = 64
  /// How many elements a document may have.
  package static let maximumElementCount = 1_000_000
  /// How long a document may be, in bytes.
  package static let maximumByteCount = 32 << 20

  private let bytes: [UInt8]
  private var position = 0
  private var open: [XMLElement] = []
  private var openNames: [ArraySlice<UInt8>] = []
  private var text: [UInt8] = []
  private var elementCount = 0
  private var root: XMLElement?

  /// Returns the root element of the document.
  package static func read(_ bytes: [UInt8]) throws(MalformedInput) -> XMLElement {
    guard bytes.count <= maximumByteCount else {
      throw MalformedInput("XML", "it is longer than \(maximumByteCount) bytes")
    }
    var reader = XMLReader(bytes: try XMLEncoding.decode(bytes))
    return try reader.document()
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  private func failure(_ reason: String) -> MalformedInput {
    MalformedInput("XML", "\(reason) at byte \(position)")
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func document() throws(MalformedInput) -> XMLElement {
    while let byte = next {
      if byte == UInt8(ascii: "<") {
        try markup()
      } else if open.isEmpty {
        guard byte.isBlank else { throw failure("text outside the root element") }
        position += 1
      } else {
        try characters()
      }
    }
    guard open.isEmpty else { throw failure("the element \(open[0].name) has no end") }
    guard let root else { throw failure("no element") }
    return root
  }

  private mutating func markup() throws(MalformedInput) {
    if starts("<!--") {
      try skip(past: "-->", "a comment without end")
    } else if starts("<![CDATA[") {
      try literalText()
    } else if starts("<!DOCTYPE") {
      try skipDocumentType()
    } else if starts("<?") {
      try skip(past: "?>", "a processing instruction without end")
    } else if starts("</") {
      try endTag()
    } else {
      try startTag()
    }
  }

  private func starts(_ text: StaticString) -> Bool {
    bytes[position...].starts(with: text.description.utf8)
  }

  private func find(_ mark: String, from start: Int) -> Int? {
    let mark = Array(mark.utf8)
    var index = start
    while index + mark.count <= bytes.count {
      if bytes[index] == mark[0], bytes[index...].starts(with: mark) { return index }
      index += 1
    }
    return nil
  }

  private mutating func skip(past mark: String, _ reason: String) throws(MalformedInput) {
    guard let end = find(mark, from: position + 2) else { throw failure(reason) }
    position = end + mark.utf8.count
  }

  /// Passes over a document type with its internal subset, in which quotes, comments and brackets
  /// may hide a `>`.
  private mutating func skipDocumentType() throws(MalformedInput) {
    guard root == nil, open.isEmpty else { throw failure("a document type after the root began") }
    var depth = 0
    while let byte = next {
      if starts("<!--") {
        try skip(past: "-->", "a comment without end")
        continue
      }
      position += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"): try skipQuoted(byte)
      case UInt8(ascii: "<"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ">"):
        depth -= 1
        if depth <= 0 { return }
      default: break
      }
    }
    throw failure("a document type without end")
  }

  private mutating func skipQuoted(_ quote: UInt8) throws(MalformedInput) {
    guard let end = bytes[position...].firstIndex(of: quote) else {
      throw failure("a quote without end")
    }
    position = end + 1
  }

  private mutating func literalText() throws(MalformedInput) {
    guard !open.isEmpty else { throw failure("text outside the root element") }
    let start = position + "<![CDATA[".utf8.count
    guard let end = find("]]>", from: start) else { throw failure("a CDATA section without end") }
    text += bytes[start..<end]
    position = end + 3
  }

  private mutating func characters() throws(MalformedInput) {
    let start = position
    while let byte = next, byte != UInt8(ascii: "<"), byte != UInt8(ascii: "&") { position += 1 }
    text += bytes[start..<position]
    if next == UInt8(ascii: "&") { text += try reference() }
  }

  /// A character reference or one of the five entities of XML itself (sections 4.1 and 4.6).
  private mutating func reference() throws(MalformedInput) -> [UInt8] {
    let window = bytes[position...].prefix(64)
    guard let end = window.firstIndex(of: UInt8(ascii: ";")), end > position + 1 else {
      throw failure("a bare `&`")
    }
    let name = bytes[(position + 1)..<end]
    let text: [UInt8]
    switch String(decoding: name, as: UTF8.self) {
    case "amp": text = [UInt8(ascii: "&")]
    case "lt": text = [UInt8(ascii: "<")]
    case "gt": text = [UInt8(ascii: ">")]
    case "quot": text = [UInt8(ascii: "\"")]
    case "apos": text = [UInt8(ascii: "'")]
    default:
      if name.first == UInt8(ascii: "#") {
        text = Array(String(Character(try scalar(name.dropFirst()))).utf8)
      } else {
        guard name.allSatisfy(Self.isNameByte) else { throw failure("a bare `&`") }
        text = Array(bytes[position...end])
      }
    }
    position = end + 1
    return text
  }

  private func scalar(_ digits: ArraySlice<UInt8>) throws(MalformedInput) -> Unicode.Scalar {
    let isHexadecimal = digits.first == UInt8(ascii: "x")
    let digits = isHexadecimal ? digits.dropFirst() : digits
    guard digits.first?.isDigit == true || digits.first?.isLetter == true,
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: isHexadecimal ? 16 : 10),
      let scalar = Unicode.Scalar(value), value >= 0x20 || value == 9 || value == 10 || value == 13
    else { throw failure("a reference to no character") }
    return scalar
  }

  private mutating func startTag() throws(MalformedInput) {
    guard root == nil else { throw failure("a second root element") }
    guard open.count < Self.maximumDepth else { throw failure("nested too deep") }
    elementCount += 1
    guard elementCount <= Self.maximumElementCount else { throw failure("too many elements") }
    position += 1
    let name = try self.name()
    let attributes = try self.attributes()
    flushText()
    open.append(XMLElement(name: Self.localName(name), attributes: attributes))
    openNames.append(name)
    if next == UInt8(ascii: "/") {
      position += 1
      try expect(">")
      close()
    } else {
      try expect(">")
    }
  }

  private mutating func attributes() throws(MalformedInput) -> [XMLElement.Attribute] {
    var attributes: [XMLElement.Attribute] = []
    while true {
      let start = position
      skipBlanks()
      guard let byte = next, byte != UInt8(ascii: ">"), byte != UInt8(ascii: "/") else {
        return attributes
      }
      guard position > start else { throw failure("no space before an attribute") }
      guard attributes.count < 256 else { throw failure("too many attributes") }
      let name = Self.localName(try self.name())
      skipBlanks()
      try expect("=")
      skipBlanks()
      attributes.append(XMLElement.Attribute(name: name, value: try quoted()))
    }
  }

  private mutating func quoted() throws(MalformedInput) -> String {
    guard let quote = next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      throw failure("an attribute without quotes")
    }
    position += 1
    var value: [UInt8] = []
    while let byte = next, byte != quote {
      guard byte != UInt8(ascii: "<") else { throw failure("`<` in an attribute") }
      if byte == UInt8(ascii: "&") {
        value += try reference()
      } else {
        value.append(byte)
        position += 1
      }
    }
    guard next == quote else { throw failure("an attribute without end") }
    position += 1
    return String(decoding: value, as: UTF8.self)
  }

  private mutating func endTag() throws(MalformedInput) {
    position += 2
    let name = try self.name()
    guard let expected = openNames.last, expected.elementsEqual(name) else {
      throw failure("the end of \(String(decoding: name, as: UTF8.self)), which is not open")
    }
    skipBlanks()
    try expect(">")
    flushText()
    close()
  }

  private mutating func flushText() {
    guard !text.isEmpty else { return }
    if let last = open.indices.last { open[last].content += String(decoding: text, as: UTF8.self) }
    text.removeAll(keepingCapacity: true)
  }

  private mutating func close() {
    openNames.removeLast()
    let element = open.removeLast()
    if let parent = open.indices.last {
      open[parent].children.append(element)
    } else {
      root = element
    }
  }

  private mutating func skipBlanks() {
    while let byte = next, byte.isBlank { position += 1 }
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(MalformedInput) {
    guard next == UInt8(ascii: character) else { throw failure("no `\(character)` in a tag") }
    position += 1
  }

  private mutating func name() throws(MalformedInput) -> ArraySlice<UInt8> {
    let name = bytes[position...].prefix(while: Self.isNameByte)
    guard let first = name.first, first.isLetter || first >= 0x80 || first == 0x5F || first == 0x3A
    else { throw failure("no name in a tag") }
    position += name.count
    return name
  }

  /// A superset of section 2.3 beyond ASCII: which letters of other scripts are names is no
  /// question that any document of ours depends on.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte.isLetter || byte.isDigit || byte >= 0x80 || byte == 0x5F || byte == 0x3A || byte == 0x2D
      || byte == 0x2E
  }

  private static func localName(_ name: ArraySlice<UInt8>) -> String {
    let colon = name.lastIndex(of: UInt8(ascii: ":"))
    return String(decoding: colon.map { name[($0 + 1)...] } ?? name, as: UTF8.self)
  }
}
