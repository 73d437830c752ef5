/// Reads the part of YAML 1.1 in which RubyGems has written specifications since there are gems
/// (Psych and, before it, Syck).
///
/// Block mappings and sequences, plain, quoted, literal and folded scalars, flow collections,
/// anchors and aliases, `!binary`, one document. Input, lines, nesting, values and aliases are
/// bounded; an alias costs what its reference costs, so that a text cannot grow in memory.
/// - Complexity: O(n) in the number of bytes.
struct YAMLReader {
  static let longestInput = 16 << 20
  static let maximumDepth = 48
  /// The longest specifications list some 50,000 files, each on a line of its own.
  static let mostLines = 1_000_000
  static let mostValues = 500_000
  static let mostAliases = 20_000
  /// How long a quoted text or a collection in brackets may be that goes on over several lines.
  static let longestText = 1 << 20

  struct Line {
    let indentation: Int
    /// Without indentation and line end; comments are still in it.
    let text: ArraySlice<UInt8>
    /// Nothing, or a comment.
    let isBlank: Bool
  }

  var lines: [Line]
  var index = 0
  var anchors: [String: YAMLValue] = [:]
  var valueCount = 0
  private var aliasCount = 0

  /// Returns the value that the document spells.
  static func read(_ bytes: [UInt8]) throws(MalformedInput) -> YAMLValue {
    guard bytes.count <= longestInput else {
      throw MalformedInput("YAML", "it is longer than \(longestInput) bytes")
    }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw MalformedInput("YAML", "it is not UTF-8")
    }
    // A line costs 80 bytes while it is split off, whatever it has.
    guard bytes.count(where: { $0 == 0x0A }) < mostLines else {
      throw MalformedInput("YAML", "it has more than \(mostLines) lines")
    }
    var reader = YAMLReader(lines: split(bytes))
    let value = try reader.document()
    reader.skipBlank()
    guard reader.index >= reader.lines.count || reader.isEnd(reader.lines[reader.index]) else {
      throw reader.failure("a line that belongs to nothing")
    }
    return value
  }

  private init(lines: [Line]) {
    self.lines = lines
  }

  private static func split(_ bytes: [UInt8]) -> [Line] {
    bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      let line = line.last == 0x0D ? line.dropLast() : line
      let text = line.drop { $0 == 0x20 }
      return Line(
        indentation: text.startIndex - line.startIndex,
        text: text,
        isBlank: text.trimmed.isEmpty || text.first == UInt8(ascii: "#")
      )
    }
  }

  func failure(_ reason: String) -> MalformedInput {
    MalformedInput("YAML", "\(reason) at line \(index + 1)")
  }

  mutating func count() throws(MalformedInput) {
    valueCount += 1
    guard valueCount <= Self.mostValues else { throw failure("too many values") }
  }

  mutating func skipBlank() {
    while index < lines.count, lines[index].isBlank { index += 1 }
  }

  private mutating func document() throws(MalformedInput) -> YAMLValue {
    skipBlank()
    while index < lines.count, lines[index].indentation == 0,
      lines[index].text.first == UInt8(ascii: "%")
    {
      index += 1
      skipBlank()
    }
    guard index < lines.count else { throw failure("no document") }
    if lines[index].text.starts(with: Array("---".utf8)) {
      let rest = lines[index].text.dropFirst(3)
      return try value(after: rest, parent: -1, depth: 0)
    }
    return try block(above: -1, depth: 0)
  }

  /// The value whose first line has `rest` left, under a parent indented by `parent`.
  mutating func value(
    after rest: ArraySlice<UInt8>,
    parent: Int,
    depth: Int,
    allowsSameIndentation: Bool = false
  ) throws(MalformedInput) -> YAMLValue {
    guard depth <= Self.maximumDepth else { throw failure("nested too deep") }
    try count()
    var (rest, properties) = try self.properties(of: rest.drop { $0 == 0x20 || $0 == 0x09 })
    let value: YAMLValue
    rest = Self.withoutComment(rest)
    switch rest.first {
    case nil:
      index += 1
      value = try below(parent, depth, allowsSameIndentation: allowsSameIndentation)
    case UInt8(ascii: "*"):
      value = try alias(rest)
    case UInt8(ascii: "|"), UInt8(ascii: ">"):
      value = try blockScalar(rest, parent: parent)
    default:
      value = try flow(rest, parent: parent, depth: depth)
    }
    let made = properties.isBinary ? try Self.decode(value) : value
    if let anchor = properties.anchor { anchors[anchor] = made }
    return made
  }

  private mutating func alias(_ rest: ArraySlice<UInt8>) throws(MalformedInput) -> YAMLValue {
    aliasCount += 1
    let name = String(decoding: rest.dropFirst().trimmed, as: UTF8.self)
    guard aliasCount <= Self.mostAliases else { throw failure("too many aliases") }
    guard let value = anchors[name] else { throw failure("an alias of nothing") }
    index += 1
    return value
  }

  /// What stands on the lines below a key or dash that ended its line.
  private mutating func below(
    _ parent: Int,
    _ depth: Int,
    allowsSameIndentation: Bool
  ) throws(MalformedInput) -> YAMLValue {
    skipBlank()
    guard index < lines.count, !isEnd(lines[index]) else { return .null }
    let line = lines[index]
    // A sequence may stand as far left as the key it belongs to.
    let isSequence = allowsSameIndentation && line.indentation == parent && Self.isDash(line.text)
    guard line.indentation > parent || isSequence else { return .null }
    return try block(above: isSequence ? parent - 1 : parent, depth: depth + 1)
  }

  func isEnd(_ line: Line) -> Bool {
    line.indentation == 0
      && (line.text.elementsEqual("...".utf8) || line.text.starts(with: Array("---".utf8)))
  }

  static func isDash(_ text: ArraySlice<UInt8>) -> Bool {
    text.first == UInt8(ascii: "-") && (text.count == 1 || text.dropFirst().first == 0x20)
  }

  /// A block collection or scalar on the lines from here that are indented by more than `parent`.
  mutating func block(above parent: Int, depth: Int) throws(MalformedInput) -> YAMLValue {
    guard depth <= Self.maximumDepth else { throw failure("nested too deep") }
    skipBlank()
    guard index < lines.count, lines[index].indentation > parent else { return .null }
    let line = lines[index]
    if Self.isDash(line.text) { return try sequence(at: line.indentation, depth: depth) }
    if try key(of: line.text) != nil { return try mapping(at: line.indentation, depth: depth) }
    return try value(after: line.text, parent: parent, depth: depth)
  }

  private mutating func sequence(at column: Int, depth: Int) throws(MalformedInput) -> YAMLValue {
    var items: [YAMLValue] = []
    while true {
      skipBlank()
      guard index < lines.count, lines[index].indentation == column,
        Self.isDash(lines[index].text), !isEnd(lines[index])
      else { break }
      items.append(try item(of: lines[index], depth: depth))
    }
    return .sequence(items)
  }

  /// An item, which may itself be a collection that begins behind the dash.
  private mutating func item(of line: Line, depth: Int) throws(MalformedInput) -> YAMLValue {
    let inner = line.text.dropFirst().drop { $0 == 0x20 }
    let column = line.indentation + (inner.startIndex - line.text.startIndex)
    let isKey = try key(of: inner) != nil
    guard !inner.isEmpty, Self.isDash(inner) || isKey else {
      return try value(after: inner, parent: line.indentation, depth: depth + 1)
    }
    guard depth < Self.maximumDepth else { throw failure("nested too deep") }
    lines[index] = Line(indentation: column, text: inner, isBlank: false)
    return try block(above: column - 1, depth: depth + 1)
  }

  private mutating func mapping(at column: Int, depth: Int) throws(MalformedInput) -> YAMLValue {
    var entries: [YAMLValue.Entry] = []
    while true {
      skipBlank()
      guard index < lines.count, lines[index].indentation == column, !isEnd(lines[index]) else {
        break
      }
      guard let (name, rest) = try key(of: lines[index].text) else {
        throw failure("a line that is no key of its mapping")
      }
      let value = try value(
        after: rest,
        parent: column,
        depth: depth + 1,
        allowsSameIndentation: true
      )
      entries.append(YAMLValue.Entry(key: name, value: value))
    }
    return .mapping(entries)
  }
}
