/// Values that begin on a line and may go on over the next ones: plain and quoted texts, and
/// collections in brackets.
extension YAMLReader {
  mutating func flow(
    _ rest: ArraySlice<UInt8>,
    parent: Int,
    depth: Int
  ) throws(MalformedInput) -> YAMLValue {
    switch rest.first {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): try quotedLines(rest, parent: parent)
    case UInt8(ascii: "["), UInt8(ascii: "{"): try brackets(rest, parent: parent, depth: depth)
    default: plainLines(rest, parent: parent)
    }
  }

  /// A plain text; lines indented further belong to it.
  private mutating func plainLines(_ rest: ArraySlice<UInt8>, parent: Int) -> YAMLValue {
    var text = String(decoding: Self.beforeComment(rest), as: UTF8.self)
    index += 1
    var emptyCount = 0
    while index < lines.count, lines[index].isBlank || lines[index].indentation > parent {
      let line = lines[index]
      guard !line.text.trimmed.isEmpty else {
        emptyCount += 1
        index += 1
        continue
      }
      guard !line.isBlank, !isEnd(line) else { break }
      text += emptyCount > 0 ? String(repeating: "\n", count: emptyCount) : " "
      text += String(decoding: Self.beforeComment(line.text), as: UTF8.self)
      emptyCount = 0
      index += 1
    }
    return .scalar(text, isPlain: true)
  }

  private static func beforeComment(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    for place in text.indices.dropFirst()
    where text[place] == UInt8(ascii: "#") && text[place - 1] == 0x20 {
      return text[..<place].trimmed
    }
    return text.trimmed
  }

  /// A quoted text; the lines of one that goes on are joined by blanks, empty ones stay line ends.
  ///
  /// Each line is looked at once for the end, and the text is read when that has been found.
  private mutating func quotedLines(
    _ rest: ArraySlice<UInt8>,
    parent: Int
  ) throws(MalformedInput) -> YAMLValue {
    var joined = Array(rest)
    var end = Self.end(of: rest.dropFirst(), quote: rest.first)
    while end != .ofText {
      guard joined.count < Self.longestText else { throw failure("a quoted text too long") }
      try joinNextLine(to: &joined, isEscaped: end == .ofLineEscaped)
      end = Self.end(of: lines[index].text, quote: rest.first)
    }
    guard let (text, after) = try Self.quoted(joined[...]) else {
      throw failure("a quoted text without end")
    }
    let tail = after.trimmed
    guard tail.isEmpty || tail.first == UInt8(ascii: "#") else {
      throw failure("text behind a quoted text")
    }
    index += 1
    return .scalar(text, isPlain: false)
  }

  /// What a line of a quoted text ends with.
  private enum QuotedEnd {
    case ofText, ofLine
    /// A backslash, which leaves nothing between this line and the next.
    case ofLineEscaped
  }

  private static func end(of line: ArraySlice<UInt8>, quote: UInt8?) -> QuotedEnd {
    let isDouble = quote == UInt8(ascii: "\"")
    var rest = line
    while let byte = rest.popFirst() {
      if byte == quote {
        guard !isDouble, rest.first == quote else { return .ofText }
        rest = rest.dropFirst()
      } else if isDouble, byte == UInt8(ascii: "\\"), rest.popFirst() == nil {
        return .ofLineEscaped
      }
    }
    return .ofLine
  }

  private mutating func joinNextLine(
    to text: inout [UInt8],
    isEscaped: Bool
  ) throws(MalformedInput) {
    if isEscaped {
      text.removeLast()
    } else {
      while text.last == 0x20 || text.last == 0x09 { text.removeLast() }
    }
    index += 1
    var emptyCount = 0
    while index < lines.count, lines[index].text.trimmed.isEmpty {
      emptyCount += 1
      index += 1
    }
    guard index < lines.count else { throw failure("a quoted text without end") }
    if emptyCount > 0 {
      text += [UInt8](repeating: 0x0A, count: emptyCount)
    } else if !isEscaped {
      text.append(0x20)
    }
    text += lines[index].text
  }

  /// A collection in brackets, on one line or several.
  private mutating func brackets(
    _ rest: ArraySlice<UInt8>,
    parent: Int,
    depth: Int
  ) throws(MalformedInput) -> YAMLValue {
    var text = Array(rest)
    var balance = Balance()
    balance.take(rest)
    while !balance.isEven {
      index += 1
      guard index < lines.count, text.count < Self.longestText else {
        throw failure("a bracket without its end")
      }
      text.append(0x20)
      text += lines[index].text
      balance.take(lines[index].text)
    }
    var scanner = YAMLFlow(text[...], valueCount: valueCount)
    let value = try scanner.value(depth: depth)
    valueCount = scanner.valueCount
    index += 1
    return value
  }

  /// Which brackets and quotes are open after the lines so far.
  private struct Balance {
    private var depth = 0
    private var quote: UInt8?

    var isEven: Bool { depth <= 0 && quote == nil }

    mutating func take(_ line: ArraySlice<UInt8>) {
      for byte in line {
        if let open = quote {
          if byte == open { quote = nil }
        } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
          quote = byte
        } else if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") {
          depth += 1
        } else if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
          depth -= 1
        }
      }
    }
  }
}

/// Reads a collection in brackets.
struct YAMLFlow {
  private var rest: ArraySlice<UInt8>
  /// How many values the document has so far.
  private(set) var valueCount: Int

  init(_ text: ArraySlice<UInt8>, valueCount: Int) {
    rest = text
    self.valueCount = valueCount
  }

  mutating func value(depth: Int) throws(MalformedInput) -> YAMLValue {
    guard depth <= YAMLReader.maximumDepth else { throw Self.failure("nested too deep") }
    valueCount += 1
    guard valueCount <= YAMLReader.mostValues else { throw Self.failure("too many values") }
    rest = rest.drop { $0 == 0x20 }
    switch rest.first {
    case UInt8(ascii: "["): return .sequence(try sequence(depth: depth))
    case UInt8(ascii: "{"): return .mapping(try mapping(depth: depth))
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      guard let (text, after) = try YAMLReader.quoted(rest) else {
        throw Self.failure("a quoted text without end")
      }
      rest = after
      return .scalar(text, isPlain: false)
    default:
      let text = rest.prefix { !Self.ends($0) }
      rest = rest.dropFirst(text.count)
      return .scalar(String(decoding: text.trimmed, as: UTF8.self), isPlain: true)
    }
  }

  private static func failure(_ reason: String) -> MalformedInput {
    MalformedInput("YAML", reason)
  }

  private static func ends(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    rest = rest.drop { $0 == 0x20 }
    guard rest.first == UInt8(ascii: character) else { return false }
    rest = rest.dropFirst()
    return true
  }

  private mutating func sequence(depth: Int) throws(MalformedInput) -> [YAMLValue] {
    rest = rest.dropFirst()
    var items: [YAMLValue] = []
    while !take("]") {
      items.append(try value(depth: depth + 1))
      if take("]") { break }
      guard take(",") else { throw Self.failure("neither `,` nor `]` in a sequence") }
    }
    return items
  }

  private mutating func mapping(depth: Int) throws(MalformedInput) -> [YAMLValue.Entry] {
    rest = rest.dropFirst()
    var entries: [YAMLValue.Entry] = []
    while !take("}") {
      entries.append(YAMLValue.Entry(key: try key(), value: try value(depth: depth + 1)))
      if take("}") { break }
      guard take(",") else { throw Self.failure("neither `,` nor `}` in a mapping") }
    }
    return entries
  }

  private mutating func key() throws(MalformedInput) -> String {
    rest = rest.drop { $0 == 0x20 }
    if rest.first == UInt8(ascii: "\"") || rest.first == UInt8(ascii: "'") {
      guard let (text, after) = try YAMLReader.quoted(rest) else {
        throw Self.failure("a quoted text without end")
      }
      rest = after
      guard take(":") else { throw Self.failure("no `:` after a key") }
      return text
    }
    let text = rest.prefix { $0 != UInt8(ascii: ":") && !Self.ends($0) }
    rest = rest.dropFirst(text.count)
    guard take(":") else { throw Self.failure("no `:` after a key") }
    return String(decoding: text.trimmed, as: UTF8.self)
  }
}
