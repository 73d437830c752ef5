import BlobEngine
import Bytes
import Catalog
import Codec
import FormatRules
import Repository
import Synchronization
import Testing

/// Bytes that the store has lost or finds damaged, of files that came from registries.
@Suite("Restoring what is damaged")
struct RestoringTests {
  private static let file = "pkg-1.0.tar.gz"
  private static let address = ScriptedSource.filesBase + file

  /// Nothing is answered from memory.
  private static var store: StoreOptions {
    StoreOptions(segmentByteCount: 8 << 20, recentByteLimit: 0, cacheByteLimit: 0)
  }

  private func stored(_ fixture: ContentFixture) async throws -> StoredFile {
    _ = try await fixture.download(Self.file, of: "pkg", in: "app")
    await fixture.depot.settle()
    guard case .stored(let file) = try await fixture.find(Self.file, of: "pkg", in: "app") else {
      throw Unexpected()
    }
    return file
  }

  private struct Unexpected: Error {}

  @Test func `a blob that is gone is fetched once more, for all who ask`() async throws {
    let fixture = try await ContentFixture(store: Self.store)
    let bytes = fixture.offer(Self.file, of: "pkg", bytes: sampleBytes(40_000))
    let file = try await stored(fixture)
    #expect(try await fixture.blobs.delete(file.key))
    try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
      for _ in 0..<20 { group.addTask { try await fixture.read(file) } }
      for try await found in group { #expect(found == bytes) }
    }
    #expect(fixture.source.count(of: Self.address) == 2)
    fixture.source.fail(ExternalFailure(.unreachable, "no connection"))
    #expect(try await fixture.read(file) == bytes)
    try await fixture.close()
  }

  @Test(arguments: [0, 1_500_000] as [UInt64])
  func `what rots under a reader comes whole all the same`(start: UInt64) async throws {
    let fixture = try await ContentFixture(store: Self.store)
    let bytes = fixture.offer(Self.file, of: "pkg", bytes: sampleBytes(3_000_000))
    let file = try await stored(fixture)
    #expect(try fixture.spoil(Array(bytes[2_600_000..<2_600_064])))
    #expect(try await fixture.read(file, from: start) == Array(bytes[Int(start)...]))
    #expect(fixture.source.count(of: Self.address) == 2)
    #expect(try await fixture.read(file) == bytes)
    #expect(fixture.source.count(of: Self.address) == 2)
    try await fixture.close()
  }

  @Test(arguments: [0, 2_600_000])
  func `what rots under a reader of frames comes whole all the same`(place: Int) async throws {
    let fixture = try await ContentFixture(store: Self.store)
    // The first and the last piece can be found on the disk, the one between is compressed.
    let text = Array(String(repeating: "a line that comes again\n", count: 50_000).utf8)
    let noise = sampleBytes(1_000_000)
    let bytes = fixture.offer(
      Self.file,
      of: "pkg",
      bytes: noise + text.prefix(1_097_152) + noise.reversed()
    )
    let file = try await stored(fixture)
    let whole = try #require(try await fixture.readFrames(file))
    #expect(whole.bytes == bytes)
    #expect(whole.form.count < bytes.count * 3 / 4)
    #expect(try fixture.spoil(Array(bytes[(place + 5_000)..<(place + 5_064)])))
    #expect(try await fixture.readFrames(file)?.bytes == bytes)
    #expect(fixture.source.count(of: Self.address) == 2)
    #expect(try await fixture.readFrames(file)?.form == whole.form)
    try await fixture.close()
  }

  @Test func `while its registry is down a damaged file is an error, and is had once it is up`()
    async throws
  {
    let notes = Mutex<[Bool]>([])
    var options = ContentOptions()
    options.noteRestoration = { _, isThere in notes.withLock { $0.append(isThere) } }
    let fixture = try await ContentFixture(options: options, store: Self.store)
    let bytes = fixture.offer(Self.file, of: "pkg", bytes: sampleBytes(40_000))
    let file = try await stored(fixture)
    #expect(try fixture.spoil(Array(bytes[20_000..<20_064])))
    fixture.source.fail(ExternalFailure(.unreachable, "no connection"))
    await #expect(throws: RepositoryError.self) { _ = try await fixture.read(file) }
    fixture.source.fail(nil)
    // Nobody asks again at once: a crowd would.
    await #expect(throws: RepositoryError.self) { _ = try await fixture.read(file) }
    fixture.clock.advance(by: .seconds(120))
    #expect(try await fixture.read(file) == bytes)
    #expect(notes.withLock { $0 } == [false, false, true])
    try await fixture.close()
  }

  @Test func `other bytes under the same name are not taken`() async throws {
    let fixture = try await ContentFixture(store: Self.store)
    let bytes = fixture.offer(Self.file, of: "pkg", bytes: sampleBytes(40_000))
    let file = try await stored(fixture)
    #expect(try fixture.spoil(Array(bytes[20_000..<20_064])))
    let other = sampleBytes(40_001)
    fixture.offer([(Self.file, other, .none)], of: "pkg", etag: "\"2\"")
    fixture.clock.advance(by: .seconds(7_200))
    await #expect(throws: RepositoryError.self) { _ = try await fixture.read(file) }
    #expect(try await fixture.blobs.stat(SHA256Stream.digest(of: other.span)) == nil)
    try await fixture.close()
  }

  @Test func `what was published here is asked of nobody`() async throws {
    let fixture = try await ContentFixture(store: Self.store)
    try await fixture.put(Self.file, of: "pkg", version: "1.0", into: "app")
    guard case .stored(let file) = try await fixture.find(Self.file, of: "pkg", in: "app") else {
      throw Unexpected()
    }
    #expect(try await fixture.blobs.delete(file.key))
    #expect(try await fixture.read(file) == nil)
    #expect(fixture.source.counts.downloads == 0)
    try await fixture.close()
  }

  @Test func `a wheel's metadata is cut out of the wheel again`() async throws {
    let fixture = try await ContentFixture(store: Self.store)
    let text = "Metadata-Version: 2.1\nName: pkg\nVersion: 1.0\n"
    let wheel = "pkg-1.0-py3-none-any.whl"
    fixture.offer(wheel, of: "pkg", bytes: TinyWheel.bytes(text, folder: "pkg-1.0"))
    _ = try await fixture.download(wheel, of: "pkg", in: "app")
    await fixture.depot.settle()
    let found = try await fixture.depot.coreMetadata(
      of: wheel,
      project: "pkg",
      version: "1.0",
      in: fixture.path("app")
    )
    let metadata = try #require(found)
    #expect(try await fixture.blobs.delete(metadata.key))
    #expect(try await fixture.read(metadata) == Array(text.utf8))
    try await fixture.close()
  }

  @Test func `a package of another format is had from its registry`() async throws {
    let fixture = try await ContentFixture(formats: [LinesFormat()], store: Self.store)
    try await fixture.create("crates")
    _ = try await fixture.depot.associateExternalConnection(
      "public:crates-io",
      with: fixture.path("crates")
    )
    try await fixture.create("build", upstreams: ["crates"])
    let bytes = sampleBytes(40_000)
    let digest = SHA256Stream.digest(of: bytes.span).hexadecimal
    fixture.source.serve(
      ScriptedSource.File(bytes: bytes),
      at: ScriptedSource.filesBase + "thing-1.crate"
    )
    fixture.source.answer(
      ScriptedSource.base + "lines/thing",
      .bytes(Array("1 thing-1.crate \(digest)\n".utf8))
    )
    func find() async throws -> FoundFile? {
      try await fixture.depot.packageFile(
        "thing-1.crate",
        of: PackageCoordinates(format: .cargo, name: "thing"),
        version: "1",
        in: fixture.path("build")
      )
    }
    if case .arriving(let file) = try await find() { _ = try await ContentFixture.take(file) }
    await fixture.depot.settle()
    guard case .stored(let file) = try await find() else { throw Unexpected() }
    #expect(try fixture.spoil(Array(bytes[20_000..<20_064])))
    #expect(try await fixture.read(file) == bytes)
    try await fixture.close()
  }
}
