/// YAML files of settings, a line at a time: `.yarnrc.yml`, `.gemrc`, Bundler's, gem's credentials.
///
/// Source: YAML 1.2, block mappings and block sequences. What stands in braces or brackets is
/// refused where it would have to be changed.
struct YAMLText {
  private var lines: TextLines

  init(_ text: String) {
    lines = TextLines(text)
  }

  var text: String { lines.text }

  /// A string as YAML writes it.
  static func string(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  /// Whether the outermost mapping has a key.
  func has(_ key: String) -> Bool { find(key, in: whole, indent: 0) != nil }

  /// Gives the last key of a path a value; the mappings above it are made where they are missing.
  ///
  /// - Parameters:
  ///   - path: keys from the outside in, as they mean, without quotation marks.
  ///   - value: as it is to be written.
  ///   - quoting: whether keys that are made stand in quotation marks.
  /// - Throws: ``EditError`` when a mapping above the key is written on one line.
  mutating func set(
    _ path: [String],
    to value: String,
    quoting: Bool = true
  ) throws(EditError) {
    var body = whole
    var indent = 0
    for (depth, key) in path.enumerated() {
      guard let line = find(key, in: body, indent: indent) else {
        let missing = Self.lines(path[depth...], value, indent, quoting)
        let end = lines.contentEnd(of: body)
        lines.replace(end..<end, with: missing)
        return
      }
      if depth == path.count - 1 { return replaceValue(at: line, with: value) }
      guard Self.split(lines.lines[line].text)?.value.isEmpty == true else {
        throw EditError("\(key) is written on one line; write it as a block and try again")
      }
      body = block(below: line)
      indent = body.first { isContent($0) }.map { lines.lines[$0].indent } ?? indent + 2
    }
  }

  /// Puts an item at the head of a sequence, and takes away those of its items that are `old`; the
  /// sequence is made where it is missing.
  ///
  /// - Parameters:
  ///   - item: as it is to be written.
  ///   - key: of the sequence, in the outermost mapping.
  ///   - isOld: is asked with each item without its quotation marks.
  /// - Throws: ``EditError`` when the sequence is written on one line.
  mutating func putFirst(
    _ item: String,
    in key: String,
    replacing isOld: (String) -> Bool
  ) throws(EditError) {
    guard let line = find(key, in: whole, indent: 0) else {
      let end = lines.contentEnd(of: whole)
      lines.replace(end..<end, with: ["\(key):", "- \(item)"])
      return
    }
    guard Self.split(lines.lines[line].text)?.value.isEmpty == true else {
      throw EditError("\(key) is written on one line; write its items as lines and try again")
    }
    let items = items(below: line)
    let indent = items.first.map { String(lines.lines[$0].text.prefix { $0 == " " }) } ?? ""
    for index in items.reversed() where isOld(Self.item(lines.lines[index].text)) {
      lines.replace(index..<index + 1, with: [])
    }
    lines.replace(line + 1..<line + 1, with: ["\(indent)- \(item)"])
  }

  /// The document: behind its head, before what follows it.
  private var whole: Range<Int> {
    let start = lines.lines.firstIndex { $0.text.hasPrefix("---") }.map { $0 + 1 } ?? 0
    let end = lines.lines[start...].firstIndex {
      $0.text.hasPrefix("---") || $0.text.hasPrefix("...")
    }
    return start..<(end ?? lines.lines.count)
  }

  private func find(_ key: String, in body: Range<Int>, indent: Int) -> Int? {
    body.first { index in
      lines.lines[index].indent == indent && isContent(index)
        && Self.split(lines.lines[index].text)?.key == key
    }
  }

  private func isContent(_ index: Int) -> Bool {
    let line = lines.lines[index].trimmed
    return !line.isEmpty && !line.hasPrefix("#")
  }

  /// The lines that are indented further than a line.
  private func block(below line: Int) -> Range<Int> {
    let indent = lines.lines[line].indent
    let next = whole[(line + 1)...].first { isContent($0) && lines.lines[$0].indent <= indent }
    return line + 1..<lines.contentEnd(of: line + 1..<(next ?? whole.upperBound))
  }

  /// Items may stand as far left as the key of their sequence.
  private func items(below line: Int) -> [Int] {
    let rest = whole[(line + 1)...]
    let isItem = { (index: Int) in lines.lines[index].trimmed.hasPrefix("-") }
    return Array(rest.prefix { isItem($0) || !isContent($0) }.filter(isItem))
  }

  private mutating func replaceValue(at line: Int, with value: String) {
    let text = lines.lines[line].text
    let below = block(below: line)
    let old = Self.split(text)?.value ?? ""
    let head = text.prefix(text.count - text.drop { $0 == " " }.count)
    let comment = Self.comment(in: old)
    let key = Self.rawKey(text)
    lines.replace(line..<below.upperBound, with: ["\(head)\(key): \(value)\(comment)"])
  }

  private static func lines(
    _ path: ArraySlice<String>,
    _ value: String,
    _ indent: Int,
    _ quoting: Bool
  ) -> [String] {
    path.enumerated().map { index, key in
      let isPlain = key.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } || !quoting
      let name = String(repeating: " ", count: indent + 2 * index) + (isPlain ? key : string(key))
      return index == path.count - 1 ? "\(name): \(value)" : "\(name):"
    }
  }

  /// The key and the value of a line; a comment alone is no value.
  private static func split(_ line: String) -> (key: String, value: String)? {
    let raw = rawKey(line)
    guard !raw.isEmpty else { return nil }
    let rest = line[...].trimmed.dropFirst(raw.count + 1).trimmed
    return (unquoted(raw[...]), rest.hasPrefix("#") ? "" : String(rest))
  }

  /// What stands before the first colon that ends a key, quotation marks included.
  private static func rawKey(_ line: String) -> String {
    let text = line[...].trimmed
    var quote: Character?
    for index in text.indices {
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if index == text.startIndex, "\"'".contains(character) {
        quote = character
      } else if character == ":" {
        let next = text.index(after: index)
        if next == text.endIndex || text[next] == " " { return String(text[..<index]) }
      }
    }
    return ""
  }

  private static func comment(in value: String) -> String {
    let isQuoted = value.hasPrefix("\"") || value.hasPrefix("'")
    let from =
      isQuoted ? value.dropFirst().drop { $0 != value.first }.dropFirst() : value[...]
    guard let range = from.firstRange(of: " #") else { return "" }
    return String(from[range.lowerBound...])
  }

  private static func item(_ line: String) -> String {
    unquoted(line[...].trimmed.dropFirst().trimmed)
  }

  private static func unquoted(_ text: Substring) -> String {
    guard text.count > 1, let quote = text.first, "\"'".contains(quote), text.last == quote else {
      return String(text)
    }
    return String(text.dropFirst().dropLast())
      .replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
  }
}
