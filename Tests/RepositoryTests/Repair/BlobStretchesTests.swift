import BlobEngine
import Bytes
import Catalog
import Codec
import Synchronization
import Testing

@testable import Repository

@Suite("Stretches of blobs that a crowd reads", .timeLimit(.minutes(10)))
struct BlobStretchesTests {
  private static let mebibyte: UInt64 = 1 << 20
  private static let file = "pkg-1.0.tar.gz"

  private static func stretch(_ range: Range<UInt64>) -> BlobStretches.Stretch {
    BlobStretches.Stretch(
      key: SHA256Stream.digest(of: [UInt8](repeating: 7, count: 7).span),
      domain: nil,
      range: range
    )
  }

  /// Stretches while as many readings are open.
  private static func stretches(_ count: Int) -> BlobStretches {
    let stretches = BlobStretches()
    for _ in 0..<count { _ = stretches.begin() }
    return stretches
  }

  private final class Reads: Sendable {
    let count = Atomic(0)

    func read() async -> [UInt8]? {
      count.add(1, ordering: .relaxed)
      return [1, 2, 3]
    }
  }

  @Test func `the first have readers, and so has whoever comes when the crowd has gone`() {
    let stretches = BlobStretches()
    let answers = (0..<40).map { _ in stretches.begin() }
    #expect(answers == (0..<40).map { $0 < BlobStretches.readerLimit })
    for _ in 0..<39 { stretches.end() }
    #expect(stretches.begin())
  }

  @Test func `stretches begin where others do, and are short where very many read`() {
    let some = Self.stretches(100)
    #expect(some.range(from: 0, upTo: .max) == 0..<Self.mebibyte)
    #expect(some.range(from: 5, upTo: .max) == 5..<Self.mebibyte)
    #expect(some.range(from: Self.mebibyte, upTo: .max).upperBound == 2 * Self.mebibyte)
    #expect(some.range(from: 5, upTo: 9) == 5..<9)
    let many = Self.stretches(1_000)
    #expect(many.range(from: Self.mebibyte, upTo: .max).count == 256 << 10)
  }

  @Test func `a stretch is read once for a crowd, and stays for who comes a little later`()
    async throws
  {
    let stretches = Self.stretches(100)
    let reads = Reads()
    try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
      for _ in 0..<100 {
        group.addTask {
          try await stretches.bytes(of: Self.stretch(0..<3)) { await reads.read() }
        }
      }
      for try await bytes in group { #expect(bytes == [1, 2, 3]) }
    }
    #expect(reads.count.load(ordering: .relaxed) == 1)
    for _ in 0..<100 { stretches.end() }
    _ = try await stretches.bytes(of: Self.stretch(0..<3)) { await reads.read() }
    #expect(reads.count.load(ordering: .relaxed) == 2)
  }

  @Test(arguments: [0, 1_500_000] as [UInt64])
  func `a crowd gets every byte, of what has rotted too`(start: UInt64) async throws {
    let fixture = try await ContentFixture(
      store: StoreOptions(segmentByteCount: 8 << 20, recentByteLimit: 0, cacheByteLimit: 0)
    )
    let bytes = fixture.offer(Self.file, of: "pkg", bytes: sampleBytes(3_000_000))
    _ = try await fixture.download(Self.file, of: "pkg", in: "app")
    await fixture.depot.settle()
    let found = try await fixture.find(Self.file, of: "pkg", in: "app")
    guard case .stored(let file) = found else { return #expect(Bool(false), "it is not stored") }
    #expect(try fixture.spoil(Array(bytes[2_600_000..<2_600_064])))
    let readings = try await open(150, file, from: start, fixture)
    try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for reading in readings {
        group.addTask {
          var bytes: [UInt8] = []
          while let piece = try await reading.next() { bytes += piece }
          return bytes
        }
      }
      for try await found in group { #expect(found == Array(bytes[Int(start)...])) }
    }
    #expect(fixture.source.count(of: ScriptedSource.filesBase + Self.file) == 2)
    try await fixture.close()
  }

  private func open(
    _ count: Int,
    _ file: StoredFile,
    from start: UInt64,
    _ fixture: ContentFixture
  ) async throws -> [BlobReading] {
    var readings: [BlobReading] = []
    for _ in 0..<count {
      let range = start..<file.byteCount
      let reading = try await fixture.depot.chunks(of: file.key, in: file.domain, range: range)
      readings.append(try #require(reading))
    }
    return readings
  }
}
