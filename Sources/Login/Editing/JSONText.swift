/// JSON files, edited member by member: SwiftPM's `registries.json`.
///
/// Source: RFC 8259. What is not edited keeps its order and its white space.
struct JSONText {
  private var bytes: [UInt8]

  /// Takes a text; an empty one becomes an empty object.
  init(_ text: String) {
    bytes = Array((text.allSatisfy(\.isWhitespace) ? "{\n}\n" : text).utf8)
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// A string as JSON writes it.
  static func string(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  /// Gives the member at the end of a path of names a value, as it is to be written; the objects
  /// above it are made where they are missing.
  mutating func set(_ path: [String], to value: String) throws(EditError) {
    var offset = 0
    skipBlanks(&offset)
    for (depth, name) in path.enumerated() {
      let members = try members(at: offset, of: depth == 0 ? "it" : path[depth - 1])
      guard let member = members.found.first(where: { $0.name == name }) else {
        let missing = path[(depth + 1)...].reversed().reduce(value) { inner, name in
          "{ \(Self.string(name)): \(inner) }"
        }
        return insert("\(Self.string(name)): \(missing)", members, depth + 1)
      }
      if depth == path.count - 1 { bytes.replaceSubrange(member.value, with: value.utf8) }
      offset = member.value.lowerBound
    }
  }

  private struct Members {
    var found: [(name: String, value: Range<Int>)] = []
    /// Behind the opening brace.
    var start: Int
    /// Where the closing brace stands.
    var end: Int
  }

  private mutating func insert(_ member: String, _ members: Members, _ depth: Int) {
    let indent = String(repeating: "  ", count: depth)
    let outer = String(repeating: "  ", count: depth - 1)
    if let last = members.found.last {
      bytes.insert(contentsOf: ",\n\(indent)\(member)".utf8, at: last.value.upperBound)
    } else {
      bytes.replaceSubrange(
        members.start..<members.end,
        with: "\n\(indent)\(member)\n\(outer)".utf8
      )
    }
  }

  private func members(at offset: Int, of name: String) throws(EditError) -> Members {
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: "{") else {
      throw EditError("\(name) is no JSON object; mend the file by hand and try again")
    }
    var members = Members(start: offset + 1, end: offset + 1)
    var offset = offset + 1
    while true {
      skipBlanks(&offset)
      guard offset < bytes.count else { break }
      if bytes[offset] == UInt8(ascii: "}") {
        members.end = offset
        return members
      }
      if bytes[offset] == UInt8(ascii: ",") {
        offset += 1
        continue
      }
      guard bytes[offset] == UInt8(ascii: "\"") else { break }
      let key = offset
      skipString(&offset)
      let name = String(decoding: bytes[key..<offset].dropFirst().dropLast(), as: UTF8.self)
      skipBlanks(&offset)
      guard offset < bytes.count, bytes[offset] == UInt8(ascii: ":") else { break }
      offset += 1
      skipBlanks(&offset)
      let start = offset
      skipValue(&offset)
      members.found.append((name.replacing("\\/", with: "/"), start..<offset))
    }
    throw EditError("it is no whole JSON document; mend it by hand and try again")
  }

  private func skipValue(_ offset: inout Int) {
    var depth = 0
    while offset < bytes.count {
      switch bytes[offset] {
      case UInt8(ascii: "\""):
        skipString(&offset)
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return }
        depth -= 1
      case UInt8(ascii: ","), 0x20, 0x0A, 0x0D, 0x09: if depth == 0 { return }
      default: break
      }
      offset += 1
    }
  }

  private func skipString(_ offset: inout Int) {
    offset += 1
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\"") {
      offset = min(offset + (bytes[offset] == UInt8(ascii: "\\") ? 2 : 1), bytes.count)
    }
    offset = min(offset + 1, bytes.count)
  }

  private func skipBlanks(_ offset: inout Int) {
    while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
  }
}
