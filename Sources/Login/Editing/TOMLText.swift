/// TOML files, edited where an entry stands: `uv.toml`, Cargo's, Poetry's, Bun's.
///
/// Source: TOML 1.0.0. Tables are found by their heads and assignments by their keys; a file that
/// says the same by dotted keys or inline tables is refused, since a second spelling of an entry
/// would make it unreadable for its tool.
struct TOMLText {
  private(set) var bytes: [UInt8]

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// A string as TOML writes it.
  static func string(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  /// Gives keys of a table their values; table and keys are made where they are missing.
  mutating func set(_ pairs: [(String, String)], inTable path: [String]) throws(EditError) {
    try refuseOtherSpelling(of: path)
    let tables = TOMLScanner(bytes).tables
    guard tables.contains(where: { $0.path == path && !$0.isElement }) else {
      append("[\(Self.head(path))]", pairs)
      return
    }
    try set(pairs) { table, _ in table.path == path && !table.isElement }
  }

  /// Gives keys of the element of an array of tables that has `name` for its `name` their values;
  /// a new element stands before the others, since tools take the first for the strongest.
  mutating func set(
    _ pairs: [(String, String)],
    inElementOf path: [String],
    named name: String
  ) throws(EditError) {
    let tables = TOMLScanner(bytes).tables
    try refuseOtherSpelling(of: path)
    let wanted = Self.string(name)
    func isOurs(_ table: TOMLScanner.Table, in bytes: [UInt8]) -> Bool {
      table.path == path && table.isElement
        && table.entries.contains {
          $0.key == ["name"] && TOMLScanner.unquoted(bytes[$0.value]) == name
        }
    }
    if tables.contains(where: { isOurs($0, in: bytes) }) { return try set(pairs, where: isOurs) }
    let all = [("name", wanted)] + pairs
    guard let first = tables.first(where: { $0.path == path && $0.isElement }) else {
      append("[[\(Self.head(path))]]", all)
      return
    }
    insert(Self.block("[[\(Self.head(path))]]", all) + newline, at: first.start)
  }

  private mutating func set(
    _ pairs: [(String, String)],
    where isMeant: (TOMLScanner.Table, [UInt8]) -> Bool
  ) throws(EditError) {
    for (key, value) in pairs {
      let tables = TOMLScanner(bytes).tables
      guard let table = tables.first(where: { isMeant($0, bytes) }) else { return }
      if let entry = table.entries.first(where: { $0.key == [key] }) {
        bytes.replaceSubrange(entry.value, with: value.utf8)
      } else if table.entries.contains(where: { $0.key.first == key }) {
        throw EditError(
          "\(Self.head(table.path)) spells \(key) with dots; write it as one table and try again"
        )
      } else {
        let needsLine = bytes.prefix(table.end).last != 0x0A
        insert((needsLine ? newline : "") + "\(key) = \(value)" + newline, at: table.end)
      }
    }
  }

  private mutating func append(_ head: String, _ pairs: [(String, String)]) {
    if let last = bytes.last, last != 0x0A { bytes += Array(newline.utf8) }
    let gap = bytes.isEmpty ? "" : newline
    bytes += Array((gap + Self.block(head, pairs)).replacing("\n", with: newline).utf8)
  }

  private mutating func insert(_ text: String, at offset: Int) {
    let text = newline == "\n" ? text : Self.lineFeeds(text).replacing("\n", with: newline)
    bytes.insert(contentsOf: text.utf8, at: offset)
  }

  private var newline: String {
    guard let feed = bytes.firstIndex(of: 0x0A), feed > 0 else { return "\n" }
    return bytes[feed - 1] == 0x0D ? "\r\n" : "\n"
  }

  private static func lineFeeds(_ text: String) -> String {
    String(decoding: text.utf8.filter { $0 != 0x0D }, as: UTF8.self)
  }

  /// An entry of our table by other means: dotted keys, inline tables, an array of values.
  private func refuseOtherSpelling(of path: [String]) throws(EditError) {
    for table in TOMLScanner(bytes).tables where path.starts(with: table.path) {
      let rest = Array(path[table.path.count...])
      guard !rest.isEmpty else { continue }
      let clash = table.entries.first { rest.starts(with: $0.key) || $0.key.starts(with: rest) }
      guard clash == nil else {
        throw EditError(
          "it spells \(Self.head(path)) with dots or in braces; write it as "
            + "[\(Self.head(path))] and try again"
        )
      }
    }
  }

  private static func block(_ head: String, _ pairs: [(String, String)]) -> String {
    ([head] + pairs.map { "\($0) = \($1)" }).map { $0 + "\n" }.joined()
  }

  private static func head(_ path: [String]) -> String {
    path.map { part in
      let isBare = part.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D || $0 == 0x5F
      }
      return isBare && !part.isEmpty ? part : string(part)
    }.joined(separator: ".")
  }
}
