/// `.netrc`, which ftp and curl began and SwiftPM reads.
///
/// Source: the GNU inetutils manual, *The .netrc file*: words, whatever the lines; `default` stands
/// behind every machine; a `macdef` goes on to the next empty line.
struct NetrcText {
  private(set) var text: String

  init(_ text: String) {
    self.text = text
  }

  /// Gives a machine its login and password, in place of what it had.
  mutating func set(machine: String, login: String, password: String) {
    let entry = "machine \(machine) login \(login) password \(password)"
    let entries = entries
    if let old = entries.first(where: { $0.machine == machine }) {
      text.replaceSubrange(old.range, with: entry)
    } else if let fallback = entries.first(where: { $0.machine == nil }) {
      text.insert(contentsOf: entry + "\n", at: fallback.range.lowerBound)
    } else {
      if let last = text.last, !last.isNewline { text += "\n" }
      text += entry + "\n"
    }
  }

  private struct Entry {
    /// Nil for `default`.
    let machine: String?
    /// From its keyword to its last word.
    var range: Range<String.Index>
  }

  private var entries: [Entry] {
    var entries: [Entry] = []
    let words = words
    var index = 0
    while index < words.count {
      switch words[index] {
      case "machine" where index + 1 < words.count:
        let name = words[index + 1]
        entries.append(
          Entry(machine: String(name), range: words[index].startIndex..<name.endIndex)
        )
        index += 2
      case "default":
        entries.append(Entry(machine: nil, range: words[index].startIndex..<words[index].endIndex))
        index += 1
      case "login", "password", "account":
        let last = words[min(index + 1, words.count - 1)]
        if var entry = entries.popLast() {
          entry.range = entry.range.lowerBound..<last.endIndex
          entries.append(entry)
        }
        index += 2
      default: index += 1
      }
    }
    return entries
  }

  /// The words outside comments and macros.
  private var words: [Substring] {
    var words: [Substring] = []
    var isMacro = false
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      if line.trimmed.isEmpty { isMacro = false }
      guard !isMacro, !line.trimmed.hasPrefix("#") else { continue }
      let found = line.split(whereSeparator: \.isWhitespace)
      isMacro = found.contains("macdef")
      words += found.prefix { $0 != "macdef" }
    }
    return words
  }
}
