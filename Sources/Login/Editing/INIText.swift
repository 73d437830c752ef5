/// Files that Python's configparser reads: `pip.conf`, `.pypirc`.
///
/// Source: *Supported INI File Structure*, the Python library reference. Names are compared without
/// case; lines that are indented go on with the value above.
struct INIText {
  private var lines: TextLines

  init(_ text: String) {
    lines = TextLines(text)
  }

  var text: String { lines.text }

  /// Gives a name a value in a section; both are made where they are missing.
  mutating func set(_ name: String, to value: String, in section: String) {
    put(["\(name) = \(value)"], for: name, in: section)
  }

  /// Adds a word to a list that has a word a line, or several; `others` are its words where it is
  /// not there yet.
  mutating func add(_ word: String, to name: String, or others: [String], in section: String) {
    guard let range = body(of: section).flatMap({ range(of: name, in: $0) }) else {
      let words = others + [word]
      return put(["\(name) ="] + words.map { "    " + $0 }, for: name, in: section)
    }
    guard words(of: name, in: section)?.contains(word) == false else { return }
    let last = lines.lines[range.upperBound - 1]
    let indent = range.count > 1 ? String(last.text.prefix(last.indent)) : "    "
    lines.replace(range.upperBound..<range.upperBound, with: [indent + word])
  }

  private mutating func put(_ texts: [String], for name: String, in section: String) {
    guard let body = body(of: section) else {
      let isFirst = lines.lines.allSatisfy(\.trimmed.isEmpty)
      lines.append((isFirst ? [] : [""]) + ["[\(section)]"] + texts)
      return
    }
    let end = lines.contentEnd(of: body)
    lines.replace(range(of: name, in: body) ?? end..<end, with: texts)
  }

  /// The words of a value, one or more a line; nil when the name is not there.
  func words(of name: String, in section: String) -> [String]? {
    guard let range = body(of: section).flatMap({ range(of: name, in: $0) }) else { return nil }
    let first = lines.lines[range.lowerBound].text
    let value = first.drop { $0 != "=" && $0 != ":" }.dropFirst()
    let others = lines.lines[range].dropFirst().map(\.trimmed).filter { !Self.isComment($0) }
    return ([value] + others).flatMap { $0.split(whereSeparator: \.isWhitespace) }.map(String.init)
  }

  /// The lines behind a section's head, up to the next.
  private func body(of section: String) -> Range<Int>? {
    guard let head = lines.lines.firstIndex(where: { $0.text.hasPrefix("[\(section)]") }) else {
      return nil
    }
    let rest = lines.lines[(head + 1)...]
    return head + 1..<(rest.firstIndex { $0.text.hasPrefix("[") } ?? lines.lines.count)
  }

  private func range(of name: String, in body: Range<Int>) -> Range<Int>? {
    let start = body.first { index in
      let line = lines.lines[index]
      guard line.indent == 0, !Self.isComment(line.trimmed) else { return false }
      let key = line.text.prefix { $0 != "=" && $0 != ":" }
      return Self.folded(key.trimmed) == Self.folded(name[...])
    }
    guard let start else { return nil }
    var end = start + 1
    while end < body.upperBound, lines.lines[end].indent > 0, !lines.lines[end].trimmed.isEmpty {
      end += 1
    }
    return start..<end
  }

  /// pip takes an underscore for a hyphen.
  private static func folded(_ name: Substring) -> String {
    name.lowercased().replacing("_", with: "-")
  }

  private static func isComment(_ line: Substring) -> Bool {
    line.first == "#" || line.first == ";"
  }
}
