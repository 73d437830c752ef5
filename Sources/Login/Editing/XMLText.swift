/// XML files of settings, edited element by element: Maven's `settings.xml`, NuGet's.
struct XMLText {
  private(set) var text: String

  /// Takes a text; an empty one becomes a document with nothing but its root.
  init(_ text: String, root: String) {
    let isEmpty = text.allSatisfy(\.isWhitespace)
    self.text =
      isEmpty ? "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<\(root)>\n</\(root)>\n" : text
  }

  /// Characters as they stand in text and attributes.
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  /// Puts an element into the one at `path`, in place of the first child that `isOurs`; the
  /// elements of the path are made where they are missing.
  ///
  /// - Parameters:
  ///   - element: lines of XML, without indentation but their own.
  ///   - path: names from the root in.
  ///   - atFront: whether a new element goes before its neighbours: some are taken in order.
  ///   - isOurs: is asked with each child, as it stands in the text.
  /// - Throws: ``EditError`` when the text is no such document.
  mutating func put(
    _ element: String,
    in path: [String],
    atFront: Bool = false,
    replacing isOurs: (XMLNode, String) -> Bool
  ) throws(EditError) {
    for depth in path.indices.dropFirst() {
      guard try node(at: path[...depth]) == nil else { continue }
      try insert("<\(path[depth])>\n</\(path[depth])>", in: path[..<depth], atFront: false)
    }
    let parent = try node(at: path[...])
    let text = text
    if let old = parent?.children.first(where: { isOurs($0, String(text[$0.outer])) }) {
      let indent = indent(before: old.outer.lowerBound)
      self.text.replaceSubrange(old.outer, with: Self.indented(element, by: indent))
    } else {
      try insert(element, in: path[...], atFront: atFront)
    }
  }

  /// The text inside the first child of that name, without white space at its ends.
  func value(of name: String, in node: XMLNode) -> String? {
    guard let child = node.children.first(where: { $0.name == name }), let inner = child.inner
    else { return nil }
    return String(text[inner].trimmed)
  }

  private mutating func insert(
    _ element: String,
    in path: ArraySlice<String>,
    atFront: Bool
  ) throws(EditError) {
    guard let parent = try node(at: path) else { return }
    guard let inner = parent.inner else {
      // `<servers/>`: opened first.
      let head = text[parent.outer].dropLast(2).trimmed
      let indent = indent(before: parent.outer.lowerBound)
      text.replaceSubrange(parent.outer, with: "\(head)>\n\(indent)</\(parent.name)>")
      return try insert(element, in: path, atFront: atFront)
    }
    let outer = indent(before: parent.outer.lowerBound)
    let indent =
      parent.children.first.map { self.indent(before: $0.outer.lowerBound) } ?? outer + "  "
    let block = Self.indented(element, by: indent)
    if atFront, let first = parent.children.first {
      text.insert(contentsOf: block + "\n" + indent, at: first.outer.lowerBound)
    } else if let last = parent.children.last {
      text.insert(contentsOf: "\n" + indent + block, at: last.outer.upperBound)
    } else {
      text.replaceSubrange(
        inner,
        with: text[inner].allSatisfy(\.isWhitespace)
          ? "\n\(indent)\(block)\n\(outer)" : "\n\(indent)\(block)" + text[inner]
      )
    }
  }

  private func node(at path: ArraySlice<String>) throws(EditError) -> XMLNode? {
    var scanner = XMLScanner(text)
    guard let root = scanner.document(), root.name == path.first else {
      throw EditError("it is no XML document with the root <\(path.first ?? "")>; mend it by hand")
    }
    var node = root
    for name in path.dropFirst() {
      guard let child = node.children.first(where: { $0.name == name }) else { return nil }
      node = child
    }
    return node
  }

  /// The white space between the line's begin and `index`.
  private func indent(before index: String.Index) -> String {
    let line = text[..<index].lastIndex(where: \.isNewline).map { text.index(after: $0) }
    let head = text[(line ?? text.startIndex)..<index]
    return head.allSatisfy(\.isWhitespace) ? String(head) : ""
  }

  private static func indented(_ element: String, by indent: String) -> String {
    element.split(separator: "\n").joined(separator: "\n\(indent)")
  }
}

/// An element and where it stands in its text.
struct XMLNode {
  let name: String
  /// From its first bracket to its last.
  var outer: Range<String.Index>
  /// Between its tags; nil where it has but one.
  var inner: Range<String.Index>?
  var children: [XMLNode] = []
}
