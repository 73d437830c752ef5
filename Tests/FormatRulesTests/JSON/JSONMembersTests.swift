import FormatRules
import Testing

/// One pass over a sound document finds what a pass for each object finds in any other.
@Suite("Members of JSON")
struct JSONMembersTests {
  private static let sound = """
    \u{FEFF}{ "a" : { "b" : { "c" : { "d" : [ {"e": 1} ] , "x": "\\"" }, "c2":"\u{fc}" } },
      "" : {}, "\\u0061\\n" : [ 1 , { "in": {"an": "array"} } ], "a" : { "z" : {"y" : null } } }

    """

  private func unsound(_ text: String) -> String {
    let last = text.lastIndex(of: "}") ?? text.endIndex
    return text[..<last] + ", \"broken\" : 01 }"
  }

  /// Everything that can be found, as text.
  private func walk(_ members: JSONMembers) throws -> String {
    var text = ""
    for member in members.all where member.name != "broken" {
      let copy = String(decoding: try members.copy(member), as: UTF8.self)
      text += "\(member.name)=\(copy)=\(try members.read(member))"
      if let inner = try members.members(of: member) { text += "(\(try walk(inner)))" }
      text += ";"
    }
    return text
  }

  @Test func `a sound document and the same with a broken member show the same`() throws {
    let sound = try JSONMembers(of: Self.sound.bytes)
    let unsound = try JSONMembers(of: unsound(Self.sound).bytes)
    #expect(sound.all.map(\.name) == ["a", "", "a\n", "a"])
    #expect(unsound.all.count == 5)
    #expect(try walk(sound) == walk(unsound))
    let inner = try #require(try sound.members(of: sound.all[0]))
    let deep = try #require(try inner.members(of: "b")?.members(of: "c"))
    #expect(deep.all.map(\.name) == ["d", "x"])
    #expect(try deep.read("x") == .string("\""))
  }

  @Test func `blanks make no difference`() throws {
    let spaced = try JSONMembers(of: Self.sound.bytes)
    var compact: [UInt8] = []
    for member in spaced.all {
      compact += compact.isEmpty ? "{".bytes : ",".bytes
      compact += "\"\(member.name == "a\n" ? "a\\n" : member.name)\":".bytes
      compact += try spaced.copy(member)
    }
    compact += "}".bytes
    #expect(try walk(JSONMembers(of: compact)) == walk(spaced))
    #expect(!compact.contains(UInt8(ascii: " ")))
  }

  @Test func `the broken member alone is lost`() throws {
    let members = try JSONMembers(of: unsound(Self.sound).bytes)
    #expect(throws: MalformedInput.self) { try members.read("broken") }
    let broken = try #require(members.member("broken"))
    #expect(throws: MalformedInput.self) { try members.copy(broken) }
  }
}
