import FormatRules
import Testing

@Suite("Core metadata")
struct CoreMetadataTests {
  @Test func `fields and description are read`() throws {
    let metadata = try CoreMetadata(reading: Corpus.metadata.bytes)
    #expect(metadata.name == "Demo.Pkg")
    #expect(metadata.version == "1.0.0")
    #expect(metadata.metadataVersion == "2.1")
    #expect(metadata.requiresPython == ">=3.8")
    #expect(metadata.summary == "A demonstration of umlauts: äöü")
    #expect(metadata.all("classifier").count == 2)
    #expect(metadata.description == "The description.\n\nSecond paragraph.\n")
    #expect(metadata["Nothing"] == nil)
  }

  @Test func `folded lines belong to the field before them`() throws {
    let text =
      "Name: a\r\nVersion: 1\r\nDescription: one\r\n        two\r\n       |three\r\nLicense: MIT\r\n"
    let metadata = try CoreMetadata(reading: text.bytes)
    #expect(metadata.description == "one\ntwo\nthree")
    #expect(metadata["license"] == "MIT")
    #expect(metadata.body == nil)
  }

  @Test func `the last field needs no line end, and a mark at the front does no harm`() throws {
    let metadata = try CoreMetadata(reading: [0xEF, 0xBB, 0xBF] + "Version:1\nName:a".bytes)
    #expect(metadata.name == "a")
    #expect(metadata.version == "1")
  }

  @Test func `bytes that are not UTF-8 are repaired`() throws {
    let metadata = try CoreMetadata(reading: "Name: a\nVersion: 1\nAuthor: J".bytes + [0xE9])
    #expect(metadata["Author"] == "J\u{FFFD}")
  }

  @Test(arguments: [
    "", "\n", "Name: a\n", "Version: 1\n", "Name:\nVersion: 1\n", " folded\nName: a\nVersion: 1\n",
    "Name: a\nno colon\nVersion: 1\n", ": x\nName: a\nVersion: 1",
  ])
  func `metadata without what it needs is refused`(text: String) {
    #expect(throws: MalformedInput.self) { try CoreMetadata(reading: text.bytes) }
  }

  @Test func `an empty requires-python says nothing`() throws {
    #expect(
      try CoreMetadata(reading: "Name: a\nVersion: 1\nRequires-Python: \n".bytes).requiresPython
        == nil
    )
  }
}
