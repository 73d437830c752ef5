import FormatRules
import Synchronization
import Testing

@Suite("Metadata of wheels")
struct WheelMetadataTests {
  private func cutOut(
    _ file: String,
    as name: String = "demo_pkg-1.0.0-py3-none-any.whl"
  ) async throws -> String {
    let fileName = try #require(DistributionFileName(name))
    return try await WheelMetadata.cutOut(of: ByteSource(try Corpus.bytes(file)), named: fileName)
      .text
  }

  @Test(arguments: ["deflated.whl", "stored.whl", "zip64.whl"])
  func `the metadata comes out byte for byte`(file: String) async throws {
    #expect(try await cutOut(file) == Corpus.metadata)
  }

  @Test(arguments: [
    "Demo.Pkg-1.0-py3-none-any.whl", "demo_pkg-1.0.0-1-cp311-cp311-linux_x86_64.whl",
  ])
  func `names and versions are compared, not spellings`(name: String) async throws {
    #expect(try await cutOut("deflated.whl", as: name) == Corpus.metadata)
  }

  @Test(arguments: [
    ("without-metadata.whl", "no .dist-info/METADATA"),
    ("other-project.whl", "other-1.0.0.dist-info"),
    ("two-metadata.whl", "2 .dist-info/METADATA"), ("bzip2.whl", "method 12"),
    ("pax.tar.gz", "no zip archive"),
  ])
  func `a wheel that is not what it says is refused, with the reason`(
    file: String,
    reason: String
  ) async throws {
    let error = await #expect(throws: MalformedInput.self) { try await cutOut(file) }
    #expect(error?.reason.contains(reason) == true)
  }

  @Test func `a wheel of another version is refused`() async throws {
    await #expect(throws: MalformedInput.self) {
      try await cutOut("deflated.whl", as: "demo_pkg-1.0.1-py3-none-any.whl")
    }
  }

  @Test func `of a large wheel only its ends are read`() async throws {
    let bytes = try Corpus.bytes("stored.whl")
    let gap: UInt64 = 3 << 30
    let wheel = LargeWheel(front: try Self.shifted(bytes, by: gap), gap: gap)
    let readCount = Mutex(0)
    let source = ByteSource(byteCount: gap + UInt64(bytes.count)) { range in
      readCount.withLock { $0 += range.count }
      return wheel.read(range)
    }
    let name = try #require(DistributionFileName("demo_pkg-1.0.0-py3-none-any.whl"))
    #expect(try await WheelMetadata.cutOut(of: source, named: name).text == Corpus.metadata)
    #expect(readCount.withLock(\.self) < 70_000)
  }

  /// Bytes behind a gap of zeros.
  private struct LargeWheel: Sendable {
    let front: [UInt8]
    let gap: UInt64

    func read(_ range: Range<UInt64>) -> [UInt8] {
      range.map { $0 < gap ? 0 : front[Int($0 - gap)] }
    }
  }

  /// The archive with its offsets moved by `gap`.
  private static func shifted(_ bytes: [UInt8], by gap: UInt64) throws -> [UInt8] {
    var bytes = bytes
    let comment = 9
    let end = bytes.count - 22 - comment
    func word(_ at: Int) -> UInt64 { (0..<4).reduce(0) { $0 | UInt64(bytes[at + $1]) << (8 * $1) } }
    func put(_ value: UInt64, _ at: Int) {
      for index in 0..<4 { bytes[at + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
    }
    let directory = Int(word(end + 16))
    put(word(end + 16) + gap, end + 16)
    put(word(directory + 42) + gap, directory + 42)
    return bytes
  }

  @Test func `a cut wheel is refused wherever it was cut`() async throws {
    let bytes = try Corpus.bytes("zip64.whl")
    let name = try #require(DistributionFileName("demo_pkg-1.0.0-py3-none-any.whl"))
    for length in 0..<bytes.count {
      await #expect(throws: MalformedInput.self) {
        try await WheelMetadata.cutOut(of: ByteSource(Array(bytes[..<length])), named: name)
      }
    }
  }

  @Test func `a damaged member does not pass its checksum`() async throws {
    var bytes = try Corpus.bytes("stored.whl")
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: "Summary".utf8) })
    bytes[place] ^= 1
    let name = try #require(DistributionFileName("demo_pkg-1.0.0-py3-none-any.whl"))
    await #expect(throws: MalformedInput.self) {
      try await WheelMetadata.cutOut(of: ByteSource(bytes), named: name)
    }
  }
}
