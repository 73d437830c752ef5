import Bytes
import FormatRules
import Testing

@Suite("Documents of the Swift registry")
struct SwiftDocumentTests {
  private let listing = PackageListing(
    name: "mona.LinkedList",
    versions: ["1.9.0", "1.10.0", "2.0.0-beta", "1.10.1", "no version"].map {
      ListedVersion(version: $0, isListed: $0 != "1.10.1")
    }
  )

  @Test func `releases come highest first, and what is unlisted has a problem`() {
    let list = SwiftReleaseList(listing)
    #expect(
      list.render { "http://h/\($0)" }.text == """
        {"releases":{"2.0.0-beta":{"url":"http://h/2.0.0-beta"},\
        "1.10.1":{"url":"http://h/1.10.1","problem":{"status":410,"title":"Gone",\
        "detail":"This release was unlisted."}},\
        "1.10.0":{"url":"http://h/1.10.0"},"1.9.0":{"url":"http://h/1.9.0"}}}
        """
    )
    #expect(list.latest?.version.text == "1.10.0")
  }

  @Test func `neighbours are listed releases`() throws {
    let list = SwiftReleaseList(listing)
    let middle = try #require(SwiftVersion("1.10.0"))
    #expect(list.neighbours(of: middle).predecessor?.version.text == "1.9.0")
    #expect(list.neighbours(of: middle).successor?.version.text == "2.0.0-beta")
    let first = try #require(SwiftVersion("1.9.0"))
    #expect(list.neighbours(of: first).predecessor == nil)
  }

  private func release(_ metadata: String) throws -> SwiftRelease {
    SwiftRelease(
      identifier: "mona.LinkedList",
      metadata: try SwiftReleaseMetadata(metadata.bytes).value,
      signature: SwiftRelease.Signature(format: "cms-1.0.0", base64: "AAAA"),
      metadataSignature: nil,
      manifests: [
        SwiftManifest(
          name: try #require(SwiftManifestName("Package@swift-6.swift")),
          toolsVersion: try #require(SwiftToolsVersion("6.0"))
        )
      ]
    )
  }

  @Test func `what a row keeps comes back, and the control API finds its members`() throws {
    let kept = try release(
      #"{"description":"Lists","licenseURL":"http://l","repositoryURLs":["http://a","http://b"]}"#
    )
    let again = SwiftRelease(row: kept.row)
    #expect(again.identifier == kept.identifier)
    #expect(again.metadata == kept.metadata)
    #expect(again.signature == kept.signature)
    #expect(again.manifests == kept.manifests)
    #expect(kept.row["summary"]?.string == "Lists")
    #expect(kept.row["sourceCodeRepository"]?.string == "http://a")
    #expect(kept.row["licenses"]?.array?.first?["url"]?.string == "http://l")
  }

  @Test func `the information of a release`() throws {
    let information = SwiftReleaseInformation(
      identifier: "mona.LinkedList",
      version: "1.0.0",
      sha256: "ab",
      release: try release(#"{"x":[1.50]}"#),
      publishedAt: UploadTime("2026-01-02T03:04:05Z")
    )
    #expect(
      information.render().text == """
        {"id":"mona.LinkedList","version":"1.0.0","resources":[{"name":"source-archive",\
        "type":"application/zip","checksum":"ab","signing":{"signatureBase64Encoded":"AAAA",\
        "signatureFormat":"cms-1.0.0"}}],"metadata":{"x":[1.50]},\
        "publishedAt":"2026-01-02T03:04:05Z"}
        """
    )
  }

  @Test(arguments: [
    "", " \n", "{}", #"{"description":null,"other":[1]}"#,
    #"{"author":{"name":"A","organization":{"name":"O"}},"originalPublicationTime":"2026-01-02T03:04:05.6Z"}"#,
  ])
  func `metadata that SwiftPM can read`(text: String) throws {
    #expect(try SwiftReleaseMetadata(text.bytes).value.members != nil)
  }

  @Test(arguments: [
    "[]", "x", #""text""#, #"{"description":1}"#, #"{"repositoryURLs":"http://a"}"#,
    #"{"repositoryURLs":[1]}"#, #"{"licenseURL":{}}"#, #"{"author":"me"}"#, #"{"author":{}}"#,
    #"{"author":{"name":"A","url":1}}"#, #"{"author":{"name":"A","organization":{}}}"#,
    #"{"originalPublicationTime":"yesterday"}"#, #"{"originalPublicationTime":5}"#,
  ])
  func `metadata that SwiftPM would give the release up for`(text: String) {
    #expect(throws: MalformedInput.self) { try SwiftReleaseMetadata(text.bytes) }
  }

  @Test(arguments: [1, 3, 4, 7, 1000])
  func `base 64 comes in any pieces`(count: Int) throws {
    for text in ["", "f", "fo", "foo", "foobar", String(repeating: "swift", count: 99)] {
      let encoded = Array(Base64Sample.encode(text).utf8)
      var content = Base64Content()
      var bytes: [UInt8] = []
      for piece in encoded.pieces(of: count) { bytes += try content.feed(piece) }
      bytes += try content.finish()
      #expect(bytes.text == text)
    }
    var content = Base64Content()
    #expect(throws: MalformedInput.self) { try content.feed("ab*=cdef".bytes) }
    var cut = Base64Content()
    _ = try cut.feed("abcde".bytes)
    #expect(throws: MalformedInput.self) { try cut.finish() }
  }
}

/// Base 64 as mail writes it, in lines of 76.
private enum Base64Sample {
  static func encode(_ text: String) -> String {
    let plain = Base64.encode(Array(text.utf8))
    return Array(plain.utf8).pieces(of: 76).map(\.text).joined(separator: "\r\n")
  }
}
