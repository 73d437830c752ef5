internal import Bytes

/// The members of a JSON object found without reading their values: a document of many megabytes is
/// then read one member at a time, and its tree is never whole in memory.
///
/// A sound text is gone through once, for the object and those in it down to
/// ``JSONOutline/depth``. Of one that is not, only the object's own syntax is looked at, and a
/// value's own is checked when it is read with ``read(_:)``: one bad member spoils no other. The
/// last of several members with one name counts, as in ``JSONValue``.
package struct JSONMembers: Sendable {
  package struct Member: Sendable {
    package let name: String
    /// Where the value's text stands.
    fileprivate let place: Range<Int>
    /// Its number in the outline.
    fileprivate var node: Int?
  }

  package let all: [Member]
  private let bytes: [UInt8]
  /// What `bytes` is the text of; nil for a text that is not sound.
  private let outline: JSONOutline?
  /// How many objects this one is in.
  private let depth: Int

  /// Finds the members of the object that the whole of `bytes` spells.
  package init(of bytes: [UInt8]) throws(MalformedInput) {
    if let outline = JSONOutline(of: bytes) {
      self.init(outline, 0..<outline.nodes.count, depth: 0)
      return
    }
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    try self.init(scanning: bytes, start..<bytes.count)
  }

  private init(
    scanning bytes: [UInt8],
    _ place: Range<Int>
  ) throws(MalformedInput) {
    var scanner = Scanner(bytes: bytes, position: place.lowerBound, end: place.upperBound)
    self.bytes = bytes
    self.all = try scanner.members()
    try scanner.finish()
    outline = nil
    depth = 0
  }

  private init(_ outline: JSONOutline, _ nodes: Range<Int>, depth: Int) {
    var members: [Member] = []
    var number = nodes.lowerBound
    while number < nodes.upperBound {
      let node = outline.nodes[number]
      let name = outline.name(of: node)
      members.append(Member(name: name, place: node.value, node: number))
      number = Int(node.next)
    }
    self.all = members
    self.bytes = outline.text
    self.outline = outline
    self.depth = depth
  }

  /// About how long the object's text is.
  var byteCount: Int { (all.last?.place.upperBound ?? 0) - (all.first?.place.lowerBound ?? 0) }

  /// The member called `name`.
  package func member(_ name: String) -> Member? { all.last { $0.name == name } }

  /// Reads a member's value, which may have `mostValues` in it.
  package func read(
    _ member: Member,
    mostValues: Int = JSONReader.mostValues
  ) throws(MalformedInput) -> JSONValue {
    try JSONReader.read(bytes, in: member.place, mostValues: mostValues)
  }

  /// Reads the value of the member called `name`; nil when there is none.
  package func read(_ name: String) throws(MalformedInput) -> JSONValue? {
    guard let member = member(name) else { return nil }
    return try read(member)
  }

  /// The members of the member called `name`; nil when there is none, or it is no object.
  package func members(of name: String) throws(MalformedInput) -> JSONMembers? {
    guard let member = member(name) else { return nil }
    return try members(of: member)
  }

  /// The members of a member; nil when it is no object.
  package func members(of member: Member) throws(MalformedInput) -> JSONMembers? {
    guard bytes[member.place.lowerBound] == UInt8(ascii: "{") else { return nil }
    guard let outline, let node = member.node, depth + 1 < JSONOutline.depth else {
      return try JSONMembers(scanning: bytes, member.place)
    }
    let inside = node + 1..<Int(outline.nodes[node].next)
    return JSONMembers(outline, inside, depth: depth + 1)
  }

  /// The text of a member's value, without blanks.
  package func copy(_ member: Member) throws(MalformedInput) -> [UInt8] {
    Array(try text(of: member))
  }

  /// The text of a member's value, without blanks, as a part of the whole where that has none.
  func text(of member: Member) throws(MalformedInput) -> ArraySlice<UInt8> {
    guard outline == nil else { return bytes[member.place] }
    return try JSONCopier.copy(member.place, of: bytes)[...]
  }

  private struct Scanner {
    /// How many members one object may have: 56 bytes each.
    private let mostMembers = 1_000_000
    let bytes: [UInt8]
    var position: Int
    let end: Int

    private func failure(_ reason: String) -> MalformedInput {
      MalformedInput("JSON", "\(reason) at byte \(position)")
    }

    private var next: UInt8? { position < end ? bytes[position] : nil }

    private mutating func skipSpace() {
      while let byte = next, byte.isBlank, byte != 0x0C { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard next == UInt8(ascii: character) else { return false }
      position += 1
      return true
    }

    mutating func finish() throws(MalformedInput) {
      skipSpace()
      guard position == end else { throw failure("text after the object") }
    }

    mutating func members() throws(MalformedInput) -> [Member] {
      skipSpace()
      guard take("{") else { throw failure("no object") }
      var members: [Member] = []
      skipSpace()
      guard !take("}") else { return members }
      while true {
        skipSpace()
        let name = try name()
        skipSpace()
        guard take(":") else { throw failure("no `:` after a name") }
        skipSpace()
        let start = position
        try skipValue()
        guard members.count < mostMembers else { throw failure("an object of too many members") }
        members.append(Member(name: name, place: start..<position))
        skipSpace()
        if take("}") { return members }
        guard take(",") else { throw failure("neither `,` nor `}` in an object") }
      }
    }

    private mutating func name() throws(MalformedInput) -> String {
      let start = position
      guard take("\"") else { throw failure("a member without a name") }
      try skipString()
      if let plain = plainText(start + 1..<position - 1) { return plain }
      guard let name = try JSONReader.read(bytes, in: start..<position).string else {
        throw failure("a member without a name")
      }
      return name
    }

    /// The common name, which is ASCII and has no escape; nil for any other.
    private func plainText(_ place: Range<Int>) -> String? {
      let end = bytes.span.endOfPlainText(from: place.lowerBound, to: place.upperBound)
      guard end == place.upperBound else { return nil }
      return String(decoding: bytes[place], as: UTF8.self)
    }

    /// Passes over the rest of a string, its first quote taken.
    private mutating func skipString() throws(MalformedInput) {
      while let byte = next {
        position += 1
        if byte == UInt8(ascii: "\"") { return }
        if byte == UInt8(ascii: "\\") { position += 1 }
      }
      throw failure("a string without end")
    }

    private mutating func skipValue() throws(MalformedInput) {
      var depth = 0
      let start = position
      while let byte = next {
        switch byte {
        case UInt8(ascii: "\""):
          position += 1
          try skipString()
          if depth == 0 { return }
        case UInt8(ascii: "{"), UInt8(ascii: "["):
          depth += 1
          position += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          if depth == 0 { return try requireText(from: start) }
          depth -= 1
          position += 1
          if depth == 0 { return }
        case UInt8(ascii: ",") where depth == 0: return try requireText(from: start)
        default: position += 1
        }
      }
      throw failure("a value without end")
    }

    private func requireText(from start: Int) throws(MalformedInput) {
      guard position > start else { throw failure("no value") }
    }
  }
}
