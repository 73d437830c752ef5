/// Where the members of an object stand and, some levels down, those of the objects in it: found in
/// the one pass that checks the whole text.
///
/// A document of many megabytes is then looked into at no cost but that of what is looked at.
struct JSONOutline: Sendable {
  /// A member: its name stands between quotes, its value behind the quote and the colon.
  struct Node: Sendable {
    /// The name's text in ``text``, without its quotes.
    let nameStart: UInt32
    let nameEnd: UInt32
    /// Where the value ends.
    var end: UInt32 = 0
    /// The number of the first node that is not within this one.
    var next: UInt32 = 0

    var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }
    var value: Range<Int> { Int(nameEnd) + 2..<Int(end) }
  }

  /// How many objects deep members are told apart: the top of a packument, its versions, and what
  /// a version's manifest has.
  static let depth = 3
  /// How many members are told apart: 64 MB of nodes.
  ///
  /// A packument of 50,000 versions whose manifests have 40 members each has half as many.
  static let mostNodes = 4_000_000

  static let tooManyMembers = MalformedInput("JSON", "it has more than \(mostNodes) members")

  /// The whole text without blanks.
  let text: [UInt8]
  /// In the order of the text: what is within a member follows it.
  let nodes: [Node]

  /// Reads a text that is one object; nil for anything else, and for more than 4 GB.
  ///
  /// Why it is nothing else is for a reader to say that goes one step at a time.
  init?(of bytes: [UInt8]) {
    guard bytes.count < Int(UInt32.max),
      let outline = try? JSONCopier.outline(of: bytes),
      outline.text.first == UInt8(ascii: "{")
    else { return nil }
    self = outline
  }

  init(text: [UInt8], nodes: [Node]) {
    self.text = text
    self.nodes = nodes
  }

  /// A member's name as it is meant.
  func name(of node: Node) -> String {
    let name = text[node.name]
    guard name.contains(UInt8(ascii: "\\")) else { return String(decoding: name, as: UTF8.self) }
    let quoted = node.nameStart - 1..<node.nameEnd + 1
    let read = try? JSONReader.read(text, in: Int(quoted.lowerBound)..<Int(quoted.upperBound))
    return read?.string ?? ""
  }
}
