/// Finds the elements of an XML text.
///
/// It knows tags, comments, instructions, CDATA and quoted attributes (XML 1.0 sections 2.4 to 3.1)
/// and nothing else: enough to tell where an element begins and ends.
struct XMLScanner {
  private let text: String
  private var index: String.Index

  init(_ text: String) {
    self.text = text
    index = text.startIndex
  }

  /// The root with all below it; nil when tags do not match.
  mutating func document() -> XMLNode? {
    var open: [XMLNode] = []
    while let tag = nextTag() {
      switch tag.kind {
      case .start:
        open.append(XMLNode(name: tag.name, outer: tag.range))
      case .end:
        guard var node = open.popLast(), node.name == tag.name else { return nil }
        node.inner = node.outer.upperBound..<tag.range.lowerBound
        node.outer = node.outer.lowerBound..<tag.range.upperBound
        if open.isEmpty { return node }
        open[open.count - 1].children.append(node)
      case .empty:
        let node = XMLNode(name: tag.name, outer: tag.range)
        if open.isEmpty { return node }
        open[open.count - 1].children.append(node)
      }
    }
    return nil
  }

  private enum Kind { case start, end, empty }

  private mutating func nextTag() -> (kind: Kind, name: String, range: Range<String.Index>)? {
    while let start = text[index...].firstIndex(of: "<") {
      index = start
      if skip("<!--", to: "-->") || skip("<![CDATA[", to: "]]>") || skip("<?", to: "?>")
        || skip("<!", to: ">")
      {
        continue
      }
      guard let end = tagEnd(from: start) else { return nil }
      index = end
      let inside = text[text.index(after: start)..<text.index(before: end)]
      let isEnd = inside.hasPrefix("/")
      let name = inside.drop { $0 == "/" }.prefix { !$0.isWhitespace && $0 != "/" }
      let kind: Kind = isEnd ? .end : inside.hasSuffix("/") ? .empty : .start
      return (kind, String(name), start..<end)
    }
    return nil
  }

  private mutating func skip(_ opening: String, to closing: String) -> Bool {
    guard text[index...].hasPrefix(opening) else { return false }
    index = text[index...].firstRange(of: closing)?.upperBound ?? text.endIndex
    return true
  }

  /// Behind the bracket that ends a tag; one in quotation marks does not.
  private func tagEnd(from start: String.Index) -> String.Index? {
    var quote: Character?
    for index in text[start...].indices {
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == ">" {
        return text.index(after: index)
      }
    }
    return nil
  }
}
