/// A text as its lines, each with the line end it came with, so that what is not edited comes out
/// byte for byte.
struct TextLines {
  struct Line: Equatable {
    var text: String
    /// `\n`, `\r\n`, or nothing at the end of the last line.
    var end: String

    /// The text without white space at its ends.
    var trimmed: Substring { text[...].trimmed }

    /// How many spaces and tabs it begins with.
    var indent: Int { text.prefix { $0 == " " || $0 == "\t" }.count }
  }

  private(set) var lines: [Line] = []
  /// What ends new lines: the first line's end.
  private let newline: String

  init(_ text: String) {
    // By bytes: Swift takes a carriage return with its line feed for one character.
    for piece in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
      let hasReturn = piece.last == 0x0D
      let body = String(Substring(hasReturn ? piece.dropLast() : piece))
      lines.append(Line(text: body, end: hasReturn ? "\r\n" : "\n"))
    }
    if let last = lines.popLast() {
      let ending = text.utf8.last == 0x0A ? nil : last
      if let ending, !ending.text.isEmpty || ending.end == "\r\n" {
        lines.append(Line(text: ending.end == "\r\n" ? ending.text + "\r" : ending.text, end: ""))
      }
    }
    newline = lines.first.map { $0.end == "\r\n" ? "\r\n" : "\n" } ?? "\n"
  }

  /// The whole text.
  var text: String { lines.map { $0.text + $0.end }.joined() }

  /// Puts lines where `range` is; an empty range inserts.
  mutating func replace(_ range: Range<Int>, with texts: [String]) {
    if range.lowerBound > 0, !texts.isEmpty, lines[range.lowerBound - 1].end.isEmpty {
      lines[range.lowerBound - 1].end = newline
    }
    lines.replaceSubrange(range, with: texts.map { Line(text: $0, end: newline) })
  }

  /// Puts lines at the end.
  mutating func append(_ texts: [String]) {
    replace(lines.count..<lines.count, with: texts)
  }

  /// The index behind the last line of `range` that says something.
  func contentEnd(of range: Range<Int>) -> Int {
    range.last { !lines[$0].trimmed.isEmpty }.map { $0 + 1 } ?? range.lowerBound
  }
}

extension Substring {
  /// Without white space at its ends.
  var trimmed: Substring {
    let start = drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return start }
    return start[...last]
  }
}
