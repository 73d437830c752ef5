import FormatRules
import Testing

@Suite("JSON")
struct JSONTests {
  @Test func `every kind of value is read`() throws {
    let text =
      #" {"a" : [1, -2.5e+3, true, false, null, "x"], "b":{}, "c":[] , "d":"é\u00e9\ud83d\ude00\n\/\"\\"} "#
    let value = try JSONReader.read(text.bytes)
    #expect(
      value["a"]
        == .array([
          .number("1"), .number("-2.5e+3"), .bool(true), .bool(false), .null, .string("x"),
        ])
    )
    #expect(value["b"] == .object([]))
    #expect(value["c"] == .array([]))
    #expect(value["d"]?.string == "éé😀\n/\"\\")
    #expect(value["e"] == nil)
  }

  @Test func `the last of two equal names counts, and none of them is special`() throws {
    let value = try JSONReader.read(#"{"a":1,"__proto__":{"a":3},"a":2}"#.bytes)
    #expect(value["a"]?.natural == 2)
    #expect(value.members?.map(\.name) == ["a", "__proto__", "a"])
  }

  @Test(arguments: [
    "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "01",
    "1.", ".5",
    "+1", "1e", "-", "tru", "nul", "\"", "\"\\", "\"\\u12", "\"\\u+123\"", "\"\\x\"", "\"a\u{1}\"",
    "1 2", "{}}",
    "\u{FEFF}\u{FEFF}1", "NaN", "'a'", "[1 2]", "//x\n1",
  ])
  func `what RFC 8259 does not allow is refused`(text: String) {
    #expect(throws: MalformedInput.self) { try JSONReader.read(text.bytes) }
  }

  @Test func `ill-formed UTF-8 is refused`() {
    #expect(throws: MalformedInput.self) { try JSONReader.read([0x22, 0xFF, 0x22]) }
  }

  @Test func `a lone surrogate becomes a replacement character`() throws {
    #expect(
      try JSONReader.read(#""\ud800x\udc00\ud800A""#.bytes).string == "\u{FFFD}x\u{FFFD}\u{FFFD}A"
    )
  }

  @Test func `nesting has a limit`() throws {
    let depth = JSONReader.maximumDepth
    let fits = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    _ = try JSONReader.read(fits.bytes)
    #expect(throws: MalformedInput.self) { try JSONReader.read(("[" + fits + "]").bytes) }
    #expect(throws: MalformedInput.self) {
      try JSONReader.read([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000))
    }
  }

  @Test func `what is written reads as it was`() throws {
    let text = #"{"a":[1,-2.5e+3,true,false,null,{"":"\u0001\n\t\r\"\\é😀"}],"b":{},"c":[]}"#
    var writer = JSONWriter()
    let value = try JSONReader.read(text.bytes)
    writer.value(value)
    #expect(writer.bytes.text == text)
    #expect(try JSONReader.read(writer.bytes) == value)
  }
}
