import FormatRules
import Testing

/// Text that is copied must be as sound as text that was read.
@Suite("Copied JSON")
struct JSONCopyTests {
  private static let sound = [
    "null", "true", "false", "0", "-1.5e+10", "12345678901234567890", "\"\"", "[]", "{}",
    "\"\\u00fc\\n\\\\\"", "\"\u{fc}\u{1F600}\"", "[1, 2 ,\t[ ] ]",
    "{ \"a\" : [ { \"b\" : null } ] , \"a\" : \" spaces  stay \" }",
    "{\"name\":\"widget\",\"dependencies\":{\"a\":\"^1.0.0\"},\"os\":[\"linux\"],\"n\":1E5}",
  ]

  private static let unsound = [
    "tru", "nulll", "01", "1.", "-", "+1", ".5", "1e", "\"\\x\"", "\"\\u12g4\"", "\"\u{1}\"",
    "[1,]",
    "[1 2]", "{\"a\"}", "{\"a\":1,}", "{a:1}", "[1}", "\u{C}1", "1 2",
    String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
  ]

  /// The copy of a value that is a member of an object; nil where it is refused.
  private func copy(_ value: [UInt8]) throws -> [UInt8]? {
    let text = Array("{\"v\":".utf8) + value + Array("}".utf8)
    guard let members = try? JSONMembers(of: text), members.all.count == 1 else { return nil }
    return try? members.copy(members.all[0])
  }

  @Test(arguments: sound) func `a copy means the same and has no blanks`(text: String) throws {
    let copy = try #require(try copy(text.bytes))
    #expect(try JSONReader.read(copy) == JSONReader.read(text.bytes))
    #expect(copy.count <= text.utf8.count)
    #expect(try self.copy(copy) == copy)
  }

  @Test func `strings and numbers keep their spelling`() throws {
    #expect(try copy(#" [ "\u00fc \/", 1.50 ] "#.bytes) == #"["\u00fc \/",1.50]"#.bytes)
  }

  @Test(arguments: unsound) func `what is no JSON is not copied`(text: String) throws {
    #expect(throws: MalformedInput.self) { try JSONReader.read(text.bytes) }
    #expect(try copy(text.bytes) == nil)
  }

  @Test func `damaged text is copied only where it can be read`() throws {
    let seed = UInt64.random(in: 1 ... .max)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    var (copies, refusals) = (0, 0)
    for text in Self.sound {
      for _ in 0..<500 {
        var bytes = text.bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
          let place = Int.random(in: 0..<bytes.count, using: &generator)
          bytes[place] =
            Bool.random(using: &generator)
            ? .random(in: 0...255, using: &generator)
            : bytes.randomElement(using: &generator) ?? 0
        }
        guard let copy = try copy(bytes) else {
          refusals += 1
          continue
        }
        copies += 1
        #expect(throws: Never.self) { try JSONReader.read(copy) }
      }
    }
    #expect(copies > 100 && refusals > 100)
  }
}
