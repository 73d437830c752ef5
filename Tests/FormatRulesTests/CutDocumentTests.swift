import FormatRules
import Testing

@Suite("Documents of registries that were cut off on their way, or are something else")
struct CutDocumentTests {
  private static let sum = String(repeating: "0a", count: 32)

  @Test func `an index file of a crate ends with a line that is one`() throws {
    let configuration = try CrateIndexConfiguration(reading: #"{"dl":"http://h/x"}"#.bytes)
    let name = try #require(CrateName("ab"))
    let text = ["1.0.0", "1.1.0"].map {
      #"{"name":"ab","vers":"\#($0)","deps":[],"cksum":"\#(Self.sum)","features":{}}"#
    }.joined(separator: "\n").bytes
    for count in 1..<text.count {
      let cut = Array(text.prefix(count))
      let listing = try? CrateIndexFile.read(cut, of: name, with: configuration)
      // At the end of a line nothing tells a cut.
      let isWholeLine = count == text.count / 2 || count == text.count / 2 + 1
      #expect((listing != nil) == isWholeLine, "\(count) of \(text.count) bytes")
    }
    for end in ["", "\n", "\r\n", "\n\n"] {
      let whole = try CrateIndexFile.read(text + end.bytes, of: name, with: configuration)
      #expect(whole.versions.map(\.version) == ["1.0.0", "1.1.0"])
    }
  }

  @Test func `an info file of a gem begins with its head and ends with a newline`() throws {
    let lines = ["1.0 |checksum:\(Self.sum)", "1.1 |checksum:\(Self.sum),ruby:>= 2.10"]
    let text = (["---"] + lines).map { $0 + "\n" }.joined().bytes
    for count in 0..<text.count where text[..<count].last != 0x0A {
      #expect(throws: MalformedInput.self, "\(count) of \(text.count) bytes") {
        try GemListing.read(Array(text.prefix(count)), of: "x", base: "http://h/")
      }
    }
    #expect(throws: MalformedInput.self) {
      try GemListing.read("<html>\nSign in\n</html>\n".bytes, of: "x", base: "http://h/")
    }
    #expect(try GemListing.read(text, of: "x", base: "http://h/").versions.count == 2)
  }

  @Test(arguments: ["", "<html>\n<p>Sign in</p>\n</html>\n", "---", "a 1.0 m\n"])
  func `what has no head has no lines of gems`(text: String) {
    #expect(GemHistory.flaw(ofHead: text.bytes, tail: text.bytes) != nil)
    #expect(GemHistory.names(in: text.bytes).isEmpty)
  }

  @Test func `a list of all gems is whole with its last newline`() {
    for head in ["---\n", "created_at: 2024-01-01T00:00:00Z\n---\n", "---\na\n"].map(\.bytes) {
      #expect(GemHistory.flaw(ofHead: head, tail: "a 1.0 m\n".bytes) == nil)
      #expect(GemHistory.flaw(ofHead: head, tail: "a 1.0 m".bytes) != nil)
    }
  }
}
