import BlobEngine
import Bytes
import Codec
import FormatRules
import Repository
import Testing

@Suite("Metadata beside wheels")
struct CoreMetadataTests {
  private static let wheel = "pkg-1.0-py3-none-any.whl"
  private static let text = "Metadata-Version: 2.1\nName: pkg\nVersion: 1.0\n"
  private static let address = ScriptedSource.filesBase + wheel

  /// Lists the wheel with metadata announced under `digest`.
  private func offer(_ fixture: ContentFixture, announcing digest: String?) -> [UInt8] {
    let bytes = TinyWheel.bytes(Self.text, folder: "pkg-1.0")
    fixture.source.serve(ScriptedSource.File(bytes: bytes), at: Self.address)
    let sibling = CoreMetadataSibling.available(hashes: digest.map { ["sha256": $0] } ?? [:])
    let file = SimpleFile(
      fileName: Self.wheel,
      url: Self.address,
      hashes: ["sha256": SHA256Stream.digest(of: bytes.span).hexadecimal],
      coreMetadata: sibling
    )
    fixture.source.publish(SimplePage(name: "pkg", files: [file]))
    return bytes
  }

  private func metadata(_ fixture: ContentFixture) async throws -> [UInt8]? {
    let found = try await fixture.depot.coreMetadata(
      of: Self.wheel,
      project: "pkg",
      version: "1.0",
      in: fixture.path("app")
    )
    guard let found else { return nil }
    return try await fixture.blobs.get(found.key)
  }

  private var digest: String {
    SHA256Stream.digest(of: Array(Self.text.utf8).span).hexadecimal
  }

  @Test func `it is fetched alone, verified, and kept for when nobody answers`() async throws {
    let fixture = try await ContentFixture()
    _ = offer(fixture, announcing: digest)
    fixture.source.answer(Self.address + ".metadata", .bytes(Array(Self.text.utf8)))
    #expect(try await metadata(fixture) == Array(Self.text.utf8))
    fixture.source.fail(ExternalFailure(.unreachable, "no connection"))
    #expect(try await metadata(fixture) == Array(Self.text.utf8))
    #expect(fixture.source.count(of: Self.address + ".metadata") == 1)
    #expect(fixture.source.counts.downloads == 0)
    try await fixture.close()
  }

  @Test func `a wrong digest is no metadata`() async throws {
    let fixture = try await ContentFixture()
    _ = offer(fixture, announcing: digest)
    fixture.source.answer(Self.address + ".metadata", .bytes(Array("Name: evil".utf8)))
    let error = await #expect(throws: RepositoryError.self) { try await metadata(fixture) }
    #expect(error?.code == .upstreamUnavailable)
    try await fixture.close()
  }

  @Test func `announced and not there, it is cut from the wheel`() async throws {
    let fixture = try await ContentFixture()
    _ = offer(fixture, announcing: nil)
    #expect(try await metadata(fixture) == Array(Self.text.utf8))
    #expect(fixture.source.counts.downloads == 1)
    try await fixture.close()
  }

  @Test func `after the download it is announced from the wheel itself`() async throws {
    let fixture = try await ContentFixture()
    let bytes = TinyWheel.bytes(Self.text, folder: "pkg-1.0")
    fixture.offer(Self.wheel, of: "pkg", bytes: bytes)
    #expect(
      try await fixture.page("pkg", in: "app")?.page.files.first?.coreMetadata
        == CoreMetadataSibling.none
    )
    #expect(try await metadata(fixture) == nil, "what is not announced is not served")
    _ = try await fixture.download(Self.wheel, of: "pkg", in: "app")
    #expect(
      try await fixture.page("pkg", in: "app")?.page.files.first?.coreMetadata
        == .available(hashes: ["sha256": digest])
    )
    #expect(try await metadata(fixture) == Array(Self.text.utf8))
    try await fixture.close()
  }

  @Test func `what an upstream held is out of reach once the upstream is`() async throws {
    let fixture = try await ContentFixture()
    _ = offer(fixture, announcing: digest)
    fixture.source.answer(Self.address + ".metadata", .bytes(Array(Self.text.utf8)))
    #expect(try await metadata(fixture) != nil)
    #expect(try await metadata(fixture) != nil)
    _ = try await fixture.depot.updateRepository(fixture.path("app"), upstreams: ["lab"])
    #expect(try await metadata(fixture) == nil)
    try await fixture.close()
  }
}
