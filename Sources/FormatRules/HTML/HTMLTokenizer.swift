/// Cuts HTML into tags and text, forgiving as browsers are.
///
/// Follows the tokenization rules of the HTML standard (section 13.2.5) as far as index pages need
/// them: attributes in any quoting, comments, declarations, character references, and the content
/// of `script` and `style` kept apart from markup. It never fails: whatever is broken is text, or
/// is left out at the end of the input.
/// - Complexity: O(n) in the number of bytes.
struct HTMLTokenizer {
  struct Tag: Equatable {
    /// In lower case.
    var name: String
    var isEnd: Bool
    /// Names in lower case; the first of two equal names counts.
    var attributes: [String: String] = [:]
  }

  enum Token: Equatable {
    case tag(Tag)
    /// With its character references resolved.
    case text(String)
  }

  private let bytes: [UInt8]
  private var position = 0
  /// The element whose raw content comes next, if any.
  private var rawElement: String?

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Returns the next token, or nil at the end.
  mutating func next() -> Token? {
    while position < bytes.count {
      if let element = rawElement {
        rawElement = nil
        skipRawContent(of: element)
      } else if let token = markup() ?? text() {
        return token
      }
    }
    return nil
  }

  private func byte(at offset: Int) -> UInt8? {
    position + offset < bytes.count ? bytes[position + offset] : nil
  }

  private func starts(with text: StaticString) -> Bool {
    let text = text.description
    return bytes[position...].starts(with: text.utf8)
  }

  private mutating func skip(past end: String) {
    let pattern = Array(end.utf8)
    while position < bytes.count {
      if bytes[position] == pattern[0], bytes[position...].starts(with: pattern) {
        position += pattern.count
        return
      }
      position += 1
    }
  }

  /// A tag, or nil after skipping a comment or declaration, or at text.
  private mutating func markup() -> Token? {
    guard byte(at: 0) == UInt8(ascii: "<"), let second = byte(at: 1) else { return nil }
    if starts(with: "<!--") {
      position += 4
      skip(past: "-->")
    } else if second == UInt8(ascii: "!") || second == UInt8(ascii: "?") {
      skip(past: ">")
    } else if second.isLetter {
      position += 1
      return tag(isEnd: false)
    } else if second == UInt8(ascii: "/") {
      guard byte(at: 2)?.isLetter == true else {
        skip(past: ">")
        return nil
      }
      position += 2
      return tag(isEnd: true)
    }
    return nil
  }

  /// Text up to the next `<` that may begin markup; nil when there is none here.
  private mutating func text() -> Token? {
    let start = position
    while position < bytes.count, !(position > start && bytes[position] == UInt8(ascii: "<")) {
      if position == start, isMarkupStart { return nil }
      position += 1
    }
    guard position > start else { return nil }
    return .text(HTMLText.unescape(bytes[start..<position]))
  }

  private var isMarkupStart: Bool {
    guard byte(at: 0) == UInt8(ascii: "<"), let second = byte(at: 1) else { return false }
    return second.isLetter || second == UInt8(ascii: "!") || second == UInt8(ascii: "?")
      || second == UInt8(ascii: "/")
  }

  private mutating func tag(isEnd: Bool) -> Token? {
    var tag = Tag(name: word { $0 == UInt8(ascii: "/") }, isEnd: isEnd)
    while let attribute = attribute() {
      if tag.attributes[attribute.name] == nil { tag.attributes[attribute.name] = attribute.value }
    }
    guard byte(at: 0) != nil else { return nil }
    position += 1
    if !isEnd, tag.name == "script" || tag.name == "style" { rawElement = tag.name }
    return .tag(tag)
  }

  private mutating func attribute() -> (name: String, value: String)? {
    while let byte = byte(at: 0), byte.isBlank || byte == UInt8(ascii: "/") { position += 1 }
    guard let first = byte(at: 0), first != UInt8(ascii: ">") else { return nil }
    // An equals sign at the front belongs to the name: the standard says so, and it moves us on.
    let start = position
    if first == UInt8(ascii: "=") { position += 1 }
    _ = word { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "/") }
    let name = String(decoding: bytes[start..<position].map(\.lowercased), as: UTF8.self)
    skipBlanks()
    guard byte(at: 0) == UInt8(ascii: "=") else { return (name, "") }
    position += 1
    skipBlanks()
    return (name, value())
  }

  private mutating func skipBlanks() {
    while byte(at: 0)?.isBlank == true { position += 1 }
  }

  private mutating func value() -> String {
    guard let quote = byte(at: 0), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      let start = position
      _ = word { _ in false }
      return HTMLText.unescape(bytes[start..<position])
    }
    position += 1
    let start = position
    while let byte = byte(at: 0), byte != quote { position += 1 }
    defer { position = min(position + 1, bytes.count) }
    return HTMLText.unescape(bytes[start..<position])
  }

  /// Bytes up to a blank, `>`, or one for which `isEnd` holds, in lower case.
  private mutating func word(until isEnd: (UInt8) -> Bool) -> String {
    let start = position
    while let byte = byte(at: 0), !byte.isBlank, byte != UInt8(ascii: ">"), !isEnd(byte) {
      position += 1
    }
    return String(decoding: bytes[start..<position].map(\.lowercased), as: UTF8.self)
  }

  /// Moves to the end tag of `element`, whose content is no markup.
  private mutating func skipRawContent(of element: String) {
    let end = Array("</\(element)".utf8)
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "<"),
        bytes[position...].prefix(end.count).map(\.lowercased) == end
      {
        return
      }
      position += 1
    }
  }
}
