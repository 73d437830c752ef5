import FormatRules
import Testing

@Suite("Metadata of source distributions")
struct SourceDistributionMetadataTests {
  private func find(_ bytes: [UInt8], pieces: Int) throws -> String {
    var finder = SourceDistributionMetadata()
    for piece in bytes.pieces(of: pieces) { try finder.feed(piece) }
    return try finder.finish().text
  }

  @Test(arguments: ["pax.tar.gz", "gnu.tar.gz", "long-folder.tar.gz"], [1, 511, 100_000])
  func `the top folder's PKG-INFO is found, however the archive is cut`(
    file: String,
    pieces: Int
  ) throws {
    #expect(try find(try Corpus.bytes(file), pieces: pieces) == Corpus.metadata)
  }

  @Test func `an archive without one is refused`() throws {
    let error = #expect(throws: MalformedInput.self) {
      try find(try Corpus.bytes("without-pkg-info.tar.gz"), pieces: 100)
    }
    #expect(error?.reason.contains("no PKG-INFO") == true)
  }

  @Test func `an archive that was cut is refused`() throws {
    let bytes = try Corpus.bytes("gnu.tar.gz")
    for length in stride(from: 0, to: bytes.count - 400, by: 1009) {
      #expect(throws: MalformedInput.self) { try find(Array(bytes[..<length]), pieces: 4096) }
    }
  }

  @Test func `what is no archive is refused at once`() {
    var finder = SourceDistributionMetadata()
    #expect(throws: MalformedInput.self) { try finder.feed("PK, not gzip".bytes) }
  }

  @Test func `one in a zip archive is found`() async throws {
    let source = ByteSource(try Corpus.bytes("sdist.zip"))
    #expect(try await SourceDistributionMetadata.cutOut(ofZip: source).text == Corpus.metadata)
    await #expect(throws: MalformedInput.self) {
      try await SourceDistributionMetadata.cutOut(ofZip: ByteSource(try Corpus.bytes("stored.whl")))
    }
  }
}
