/// Files of one setting a line, without sections: `.npmrc`, `gradle.properties`, `.yarnrc`.
struct FlatText {
  /// What is peculiar to a kind of file.
  struct Dialect {
    /// What may stand between a name and its value; a space stands for white space.
    let separators: Set<Character>
    /// What begins a comment line.
    let comments: Set<Character>
    /// Whether a backslash at the end of a line goes on in the next (`java.util.Properties`).
    let continues: Bool
    /// How a setting is written.
    let write: @Sendable (_ name: String, _ value: String) -> String

    /// npm's ini files: `name=value` (the ini package of npm).
    static let npmrc = Dialect(separators: ["="], comments: ["#", ";"], continues: false) {
      "\($0)=\($1)"
    }
    /// Java's properties: `name=value`, `name: value` or `name value`.
    static let properties = Dialect(
      separators: ["=", ":", " ", "\t"],
      comments: ["#", "!"],
      continues: true
    ) { "\($0)=\($1)" }
    /// The settings of Yarn 1: `name "value"`.
    static let yarnrc = Dialect(separators: [" ", "\t", ":"], comments: ["#"], continues: false) {
      "\($0) \"\($1)\""
    }
  }

  private var lines: TextLines
  private let dialect: Dialect

  init(_ text: String, _ dialect: Dialect) {
    lines = TextLines(text)
    self.dialect = dialect
  }

  var text: String { lines.text }

  /// Whether a setting of this name is there.
  func has(_ name: String) -> Bool { !ranges(of: name).isEmpty }

  /// Gives a setting a value, where it stands or at the end of the settings without a section.
  mutating func set(_ name: String, to value: String) {
    let found = ranges(of: name)
    for range in found.dropFirst().reversed() { lines.replace(range, with: []) }
    let place = found.first ?? (end..<end)
    lines.replace(place, with: [dialect.write(name, value)])
  }

  /// A section begins a part of npm's files that is not ours.
  private var end: Int {
    let section = lines.lines.firstIndex { !dialect.continues && $0.trimmed.hasPrefix("[") }
    return lines.contentEnd(of: 0..<(section ?? lines.lines.count))
  }

  private func ranges(of name: String) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var index = 0
    while index < end {
      var next = index + 1
      let isComment = lines.lines[index].trimmed.first.map(dialect.comments.contains) ?? true
      while dialect.continues, !isComment, next < lines.lines.count, goesOn(next - 1) { next += 1 }
      if !isComment, self.name(of: lines.lines[index].trimmed) == name {
        found.append(index..<next)
      }
      index = next
    }
    return found
  }

  private func goesOn(_ index: Int) -> Bool {
    !lines.lines[index].text.reversed().prefix { $0 == "\\" }.count.isMultiple(of: 2)
  }

  private func name(of line: Substring) -> String {
    let name = line.prefix { !dialect.separators.contains($0) }.trimmed
    // npm's names may hold colons and stand in quotation marks, Yarn's too.
    return name.count > 1 && name.first == "\"" && name.last == "\""
      ? String(name.dropFirst().dropLast()) : String(name)
  }
}
