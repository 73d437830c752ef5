extension YAMLReader {
  /// What stands before a value: its tag, of which only `!binary` matters, and its anchor.
  struct Properties {
    var anchor: String?
    var isBinary = false
  }

  func properties(
    of text: ArraySlice<UInt8>
  ) throws(MalformedInput) -> (rest: ArraySlice<UInt8>, properties: Properties) {
    var rest = text
    var properties = Properties()
    while let first = rest.first, first == UInt8(ascii: "!") || first == UInt8(ascii: "&") {
      let word = rest.prefix { $0 != 0x20 }
      let name = String(decoding: word.dropFirst(), as: UTF8.self)
      if first == UInt8(ascii: "&") {
        guard !name.isEmpty else { throw failure("an anchor without a name") }
        properties.anchor = name
      } else if name == "binary" || name == "!binary" || name.hasSuffix(":binary") {
        properties.isBinary = true
      }
      rest = rest.dropFirst(word.count).drop { $0 == 0x20 }
    }
    return (rest, properties)
  }

  /// Drops a comment that begins the text; comments behind a value are dropped with it.
  static func withoutComment(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    text.first == UInt8(ascii: "#") ? [] : text
  }

  /// Splits a line into its key and what follows the colon; nil when it is no key.
  func key(
    of text: ArraySlice<UInt8>
  ) throws(MalformedInput) -> (name: String, rest: ArraySlice<UInt8>)? {
    let (text, _) = try properties(of: text)
    guard let first = text.first, first != UInt8(ascii: "["), first != UInt8(ascii: "{") else {
      return nil
    }
    if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
      guard let (name, rest) = try Self.quoted(text) else { return nil }
      let after = rest.drop { $0 == 0x20 }
      return after.first == UInt8(ascii: ":") ? (name, after.dropFirst()) : nil
    }
    var place = text.startIndex
    while let colon = text[place...].firstIndex(of: UInt8(ascii: ":")) {
      let next = colon + 1
      if next == text.endIndex || text[next] == 0x20 {
        let name = text[..<colon].trimmed
        // A comment, if there is one, began before the colon.
        guard !Self.hasComment(name) else { return nil }
        return (String(decoding: Self.unmarked(name), as: UTF8.self), text[next...])
      }
      place = next
    }
    return nil
  }

  /// A symbol's colon, which Syck wrote before some keys.
  private static func unmarked(_ name: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    name.first == UInt8(ascii: ":") ? name.dropFirst() : name
  }

  private static func hasComment(_ text: ArraySlice<UInt8>) -> Bool {
    zip(text, text.dropFirst()).contains { $0 == 0x20 && $1 == UInt8(ascii: "#") }
  }

  /// A quoted text at the front; nil when it does not end here.
  static func quoted(
    _ text: ArraySlice<UInt8>
  ) throws(MalformedInput) -> (text: String, rest: ArraySlice<UInt8>)? {
    guard let quote = text.first else { return nil }
    var rest = text.dropFirst()
    var result: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == quote {
        guard quote == UInt8(ascii: "'"), rest.first == quote else {
          return (String(decoding: result, as: UTF8.self), rest)
        }
        result.append(quote)
        rest = rest.dropFirst()
      } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        guard try escape(&rest, into: &result) else { return nil }
      } else {
        result.append(byte)
      }
    }
    return nil
  }

  /// Undoes an escape of a double-quoted text; false when it is cut.
  private static func escape(
    _ rest: inout ArraySlice<UInt8>,
    into result: inout [UInt8]
  ) throws(MalformedInput) -> Bool {
    guard let byte = rest.popFirst() else { return false }
    let digits: Int
    switch byte {
    case UInt8(ascii: "n"): result.append(0x0A); return true
    case UInt8(ascii: "t"), 0x09: result.append(0x09); return true
    case UInt8(ascii: "r"): result.append(0x0D); return true
    case UInt8(ascii: "0"): result.append(0); return true
    case UInt8(ascii: "a"): result.append(7); return true
    case UInt8(ascii: "b"): result.append(8); return true
    case UInt8(ascii: "e"): result.append(27); return true
    case UInt8(ascii: "f"): result.append(12); return true
    case UInt8(ascii: "v"): result.append(11); return true
    case UInt8(ascii: "_"): result.append("\u{A0}"); return true
    case UInt8(ascii: "N"): result.append("\u{85}"); return true
    case UInt8(ascii: "L"): result.append("\u{2028}"); return true
    case UInt8(ascii: "P"): result.append("\u{2029}"); return true
    case UInt8(ascii: "x"): digits = 2
    case UInt8(ascii: "u"): digits = 4
    case UInt8(ascii: "U"): digits = 8
    default: result.append(byte); return true
    }
    let text = rest.prefix(digits)
    guard text.count == digits, text.first != UInt8(ascii: "+"),
      let value = UInt32(String(decoding: text, as: UTF8.self), radix: 16),
      let scalar = Unicode.Scalar(value)
    else { throw MalformedInput("YAML", "a broken escape") }
    rest = rest.dropFirst(digits)
    result.append(String(Character(scalar)))
    return true
  }

  /// A literal or folded text on the lines below.
  mutating func blockScalar(
    _ header: ArraySlice<UInt8>,
    parent: Int
  ) throws(MalformedInput) -> YAMLValue {
    let isFolded = header.first == UInt8(ascii: ">")
    let marks = header.dropFirst().prefix { $0 != 0x20 }
    let explicit = marks.first(where: \.isDigit).map { Int($0 - UInt8(ascii: "0")) }
    index += 1
    let taken = scalarLines(parent: parent, explicit: explicit)
    var text = isFolded ? Self.fold(taken) : taken.joined(separator: "\n")
    let end = text.reversed().prefix { $0 == "\n" }.count
    if marks.contains(UInt8(ascii: "-")) {
      text.removeLast(end)
    } else if !marks.contains(UInt8(ascii: "+")) {
      text.removeLast(end)
      if !text.isEmpty { text += "\n" }
    } else {
      text += "\n"
    }
    return .scalar(text, isPlain: false)
  }

  private mutating func scalarLines(parent: Int, explicit: Int?) -> [String] {
    var column = explicit.map { max(parent, 0) + $0 }
    var taken: [String] = []
    while index < lines.count {
      let line = lines[index]
      guard !line.text.trimmed.isEmpty else {
        let extra = column.map { max(0, line.indentation - $0) } ?? 0
        taken.append(String(repeating: " ", count: extra))
        index += 1
        continue
      }
      let start = column ?? line.indentation
      guard line.indentation > parent, line.indentation >= start, !isEnd(line) else { break }
      column = start
      let more = String(repeating: " ", count: line.indentation - start)
      taken.append(more + String(decoding: line.text, as: UTF8.self))
      index += 1
    }
    return taken
  }

  /// Joins lines with blanks; empty lines stay line ends, and indented lines stay as they are.
  private static func fold(_ lines: [String]) -> String {
    var text = ""
    var wasText: Bool?
    var emptyCount = 0
    for line in lines {
      guard !line.isEmpty else {
        emptyCount += 1
        continue
      }
      let isText = line.first != " "
      let joins = wasText == true && isText
      let breaks = emptyCount + (wasText == nil || (joins && emptyCount > 0) ? 0 : 1)
      text += joins && emptyCount == 0 ? " " : String(repeating: "\n", count: breaks)
      text += line
      wasText = isText
      emptyCount = 0
    }
    return text + String(repeating: "\n", count: emptyCount)
  }

  /// `!binary` is a text in base 64 (RFC 4648), which old versions of Ruby made of what was not
  /// plainly text.
  static func decode(_ value: YAMLValue) throws(MalformedInput) -> YAMLValue {
    guard let text = value.text else { return value }
    var bytes: [UInt8] = []
    var (bits, count): (UInt32, Int) = (0, 0)
    for byte in text.utf8 where !byte.isBlank && byte != UInt8(ascii: "=") {
      guard let digit = sixBits(byte) else { throw MalformedInput("YAML", "broken base 64") }
      bits = bits << 6 | digit
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return .scalar(String(decoding: bytes, as: UTF8.self), isPlain: false)
  }

  private static func sixBits(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
