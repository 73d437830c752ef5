import FormatRules
import Testing

@Suite("XML")
struct XMLReaderTests {
  private func text(_ document: String) throws -> String? {
    try XMLReader.read(document.bytes).text
  }

  @Test func `elements, attributes and text are read`() throws {
    let root = try XMLReader.read(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <!-- a <comment> -->
      <p:project xmlns:p="urn:x" kind='a "b"'>
        <name> Größe &amp; &lt;mehr&gt; &#65;&#x42; </name>
        <empty/><empty></empty >
        <raw><![CDATA[<&>]]>]</raw>
        <?php nothing ?>
      </p:project>

      """.bytes
    )
    #expect(root.name == "project")
    #expect(root.attributes.map(\.name) == ["p", "kind"])
    #expect(root.attributes.last?.value == "a \"b\"")
    #expect(root.text(of: "name") == "Größe & <mehr> AB")
    #expect(root.all("empty").count == 2)
    #expect(root.text(of: "empty") == nil)
    #expect(root.text(of: "raw") == "<&>]")
    #expect(root["missing"] == nil)
  }

  @Test func `a document type is skipped, whatever it declares`() throws {
    let bomb = """
      <?xml version="1.0"?>
      <!DOCTYPE lolz [
       <!ENTITY lol "lol"> <!-- ]> --> <!ENTITY lol2 "&lol;&lol;">
       <!ENTITY file SYSTEM "file:///etc/passwd">
      ]>
      <a>&lol2;|&file;|&oslash;</a>
      """
    #expect(try text(bomb) == "&lol2;|&file;|&oslash;")
    #expect(try text("<!DOCTYPE a SYSTEM \"x>y\"><a>b</a>") == "b")
  }

  @Test func `encodings are found by mark and by declaration`() throws {
    #expect(try XMLReader.read([0xEF, 0xBB, 0xBF] + "<a>ö</a>".bytes).text == "ö")
    let latin = "<?xml version='1.0' encoding='ISO-8859-1'?><a>".bytes + [0xF8] + "</a>".bytes
    #expect(try XMLReader.read(latin).text == "ø")
    let units = "<a>ö</a>".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    #expect(try XMLReader.read([0xFF, 0xFE] + units).text == "ö")
    #expect(throws: MalformedInput.self) { try XMLReader.read("<a>".bytes + [0xF8] + "</a>".bytes) }
    #expect(throws: MalformedInput.self) {
      try XMLReader.read("<?xml version='1.0' encoding='EBCDIC'?><a/>".bytes)
    }
  }

  @Test(arguments: [
    "", " ", "text", "<a>", "</a>", "<a></b>", "<a/><b/>", "<a/>x", "<a b></a>", "<a b=c/>",
    "<a b='<'/>", "<a b='c/>", "<a b='c'd='e'/>", "<a>&</a>", "<a>&;</a>", "<a>&#0;</a>",
    "<a>&#xD800;</a>", "<a>&#+65;</a>", "<1/>", "<a><!-- </a>", "<a><![CDATA[ </a>", "<!DOCTYPE a",
    "<a/><!DOCTYPE a>", "<a", "<a/", "<", "<?xml", "{\"a\":1}",
  ])
  func `what is not well-formed is refused`(document: String) {
    #expect(throws: MalformedInput.self) { try XMLReader.read(document.bytes) }
  }

  @Test func `depth is bounded`() throws {
    func nested(_ depth: Int) -> [UInt8] {
      (String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)).bytes
    }
    _ = try XMLReader.read(nested(XMLReader.maximumDepth))
    #expect(throws: MalformedInput.self) {
      try XMLReader.read(nested(XMLReader.maximumDepth + 1))
    }
    #expect(throws: MalformedInput.self) { try XMLReader.read(nested(200_000)) }
  }

  @Test func `damage never traps`() {
    let seed = UInt64.random(in: 1 ... .max)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let samples = [MavenSamples.pom.bytes, MavenSamples.snapshotMetadata.bytes]
    var refusals = 0
    for sample in samples {
      for _ in 0..<2000 {
        var bytes = sample
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let place = Int.random(in: 0..<bytes.count, using: &generator)
          switch Int.random(in: 0..<3, using: &generator) {
          case 0: bytes[place] = .random(in: 0...255, using: &generator)
          case 1: bytes.removeSubrange(place..<min(place + 5, bytes.count))
          default: bytes.insert(contentsOf: "<&]\"'!-".utf8.shuffled(using: &generator), at: place)
          }
        }
        do {
          _ = try? ProjectObjectModel(reading: bytes).metadata
          let metadata = try MavenMetadata(reading: bytes)
          #expect(try MavenMetadata(reading: metadata.render()).versions == metadata.versions)
        } catch { refusals += 1 }
      }
    }
    #expect(refusals > 0)
  }
}
