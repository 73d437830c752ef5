import Testing

@testable import FormatRules

/// Documents that want to exhaust the stack, the memory or the clock of whoever reads them.
@Suite("Hostile documents")
struct HostileTextTests {
  private func nested(_ open: String, _ close: String, _ depth: Int) -> [UInt8] {
    (String(repeating: open, count: depth) + String(repeating: close, count: depth)).bytes
  }

  @Test func `deep nesting is refused in every format of text`() {
    let depth = 200_000
    #expect(throws: MalformedInput.self) { try JSONReader.read(nested("[", "]", depth)) }
    #expect(throws: MalformedInput.self) { try JSONReader.read(nested("{\"a\":", "}", depth)) }
    #expect(throws: MalformedInput.self) { try XMLReader.read(nested("<a>", "</a>", depth)) }
    #expect(throws: MalformedInput.self) { try YAMLReader.read(nested("[", "]", depth)) }
    #expect(throws: MalformedInput.self) { try YAMLReader.read(nested("- ", "", depth)) }
    #expect(throws: MalformedInput.self) {
      try CrateManifest(reading: "a = ".bytes + nested("[", "]", depth))
    }
    #expect(throws: MalformedInput.self) {
      try CrateManifest(reading: "a = ".bytes + nested("{a=", "}", depth))
    }
    #expect(throws: MalformedInput.self) {
      try ProjectObjectModel(reading: "<project>".bytes + nested("<a>", "</a>", depth))
    }
    #expect(throws: MalformedInput.self) {
      try NuGetDescription(nuspec: "<package>".bytes + nested("<a>", "</a>", depth))
    }
  }

  @Test func `a billion laughs stay one`() throws {
    var entities = "<!ENTITY a0 \"ha\">"
    for index in 1..<30 {
      entities += "<!ENTITY a\(index) \"\(String(repeating: "&a\(index - 1);", count: 10))\">"
    }
    let bomb = "<!DOCTYPE project [\(entities)]><project><name>&a29;</name></project>"
    #expect(try ProjectObjectModel(reading: bomb.bytes).name == "&a29;")
    let outside = "<!DOCTYPE p [<!ENTITY % x SYSTEM \"http://127.0.0.1:9/\">%x;]><project/>"
    #expect(try ProjectObjectModel(reading: outside.bytes).name == nil)
  }

  @Test func `long names, many attributes and many elements have an end`() throws {
    let attributes = (0..<300).map { " a\($0)='x'" }.joined()
    #expect(throws: MalformedInput.self) { try XMLReader.read("<a\(attributes)/>".bytes) }
    let wide = "<a>" + String(repeating: "<b/>", count: XMLReader.maximumElementCount) + "</a>"
    #expect(throws: MalformedInput.self) { try XMLReader.read(wide.bytes) }
    #expect(throws: MalformedInput.self) {
      try XMLReader.read([UInt8](repeating: 0x20, count: XMLReader.maximumByteCount + 1))
    }
    let name = String(repeating: "n", count: 1 << 20)
    #expect(try XMLReader.read("<\(name)/>".bytes).name == name)
  }

  @Test func `what never closes is refused at its end`() {
    let filler = String(repeating: "<", count: 100_000)
    for start in ["<a><!--", "<a><![CDATA[", "<?", "<!DOCTYPE a [", "<a b='"] {
      #expect(throws: MalformedInput.self) { try XMLReader.read((start + filler).bytes) }
    }
    for start in ["\"", "[1,", "{\"a\":", "123e", "[\"\\u12"] {
      #expect(throws: MalformedInput.self) { try JSONReader.read(start.bytes) }
    }
  }

  @Test func `a POM's values do not multiply, whatever names them`() throws {
    let doubling = (1..<40).map { "<p\($0)>${p\($0 - 1)}${p\($0 - 1)}</p\($0)>" }.joined()
    let text =
      "<project><properties><p0>x</p0>\(doubling)</properties><dependencies>"
      + String(repeating: "<dependency><artifactId>${p39}</artifactId></dependency>", count: 100)
      + "</dependencies></project>"
    let project = try ProjectObjectModel(reading: text.bytes)
    #expect(project.metadata.bytes.count < 1 << 20)
  }
}

extension JSONValue {
  fileprivate var bytes: [UInt8] {
    var writer = JSONWriter()
    writer.value(self)
    return writer.bytes
  }
}
