/// Cuts a version into its parts, as Maven's `ComparableVersion.parseVersion` does.
struct MavenVersionParser {
  /// How deep lists may nest: what lies deeper stays in the deepest list.
  ///
  /// Versions in the wild have fewer than ten; the bound keeps a hostile one off the stack.
  private static let maximumDepth = 64

  /// The lists that are open, from the outermost; each but the first will be the last part of the
  /// one before it.
  private var lists: [[VersionItem]] = [[]]

  static func parse(_ text: some StringProtocol) -> VersionItem {
    var parser = MavenVersionParser()
    parser.read(Array(text.lowercased().utf8)[...])
    return parser.close()
  }

  private mutating func read(_ text: ArraySlice<UInt8>) {
    var start = text.startIndex
    var isDigit = false
    for index in text.indices {
      let byte = text[index]
      if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") {
        add(text[start..<index], isDigit: index == start || isDigit)
        start = index + 1
        if byte == UInt8(ascii: "-") { openList() }
      } else if byte.isDigit != isDigit {
        if index > start {
          if !isDigit { openListForQualifier() }
          add(text[start..<index], isDigit: isDigit, isFollowedByDigit: !isDigit)
          start = index
          openList()
        }
        isDigit = byte.isDigit
      }
    }
    guard start < text.endIndex else { return }
    if !isDigit { openListForQualifier() }
    add(text[start...], isDigit: isDigit)
  }

  /// Adds a part; an empty one is a zero.
  private mutating func add(
    _ text: ArraySlice<UInt8>,
    isDigit: Bool,
    isFollowedByDigit: Bool = false
  ) {
    let item: VersionItem =
      isDigit
      ? .number(Numeral(digits: text))
      : .qualifier(
        Self.canonical(
          String(decoding: text, as: UTF8.self),
          isFollowedByDigit: isFollowedByDigit
        )
      )
    lists[lists.count - 1].append(item)
  }

  /// `1.0.RC1` and `1.0.RC` mean `1.0-RC1` and `1.0-RC`.
  private mutating func openListForQualifier() {
    if lists.last?.isEmpty == false { openList() }
  }

  private mutating func openList() {
    if lists.count < Self.maximumDepth { lists.append([]) }
  }

  /// Closes all lists from the innermost outwards, each freed of what says nothing at its end.
  private mutating func close() -> VersionItem {
    var inner: VersionItem?
    while var list = lists.popLast() {
      if let inner { list.append(inner) }
      Self.normalize(&list)
      inner = .list(list)
    }
    return inner ?? .list([])
  }

  /// Removes what says nothing from the end, and from in front of lists.
  private static func normalize(_ list: inout [VersionItem]) {
    for index in list.indices.reversed() {
      if list[index].isNull {
        list.remove(at: index)
      } else if case .list = list[index] {
        continue
      } else {
        return
      }
    }
  }

  private static func canonical(_ text: String, isFollowedByDigit: Bool) -> String {
    switch text {
    case "a" where isFollowedByDigit: "alpha"
    case "b" where isFollowedByDigit: "beta"
    case "m" where isFollowedByDigit: "milestone"
    case "ga", "final", "release": ""
    case "cr": "rc"
    default: text
    }
  }
}
