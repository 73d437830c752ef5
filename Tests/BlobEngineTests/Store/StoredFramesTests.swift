import Bytes
import Codec
import Foundation
import Testing

@testable import BlobEngine

/// `engine.md` 7: whoever takes Zstandard gets the stored frames as they are.
@Suite("Blobs as the frames they are stored in")
struct StoredFramesTests {
  private static let frame = 256 << 10
  private static let sizes = [
    0, 1, 255, 256, 4_096, 131_072, 131_073, frame - 1, frame, frame + 1, 3 * frame + 5,
    (1 << 20) - 1, 1 << 20, 3_000_000,
  ]

  /// A store with pieces of 1 MiB, so that a piece has several frames.
  private func bench(_ change: (inout StoreOptions) -> Void = { _ in }) async throws -> StoreBench {
    try await StoreBench(.automatic) {
      $0.segmentByteCount = 8 << 20
      change(&$0)
    }
  }

  private func key() throws -> DataKey {
    try #require(DataKey([UInt8](repeating: 9, count: DataKey.byteCount)))
  }

  private func text(_ byteCount: Int) -> [UInt8] {
    (0..<max(1, byteCount / 20 + 1)).flatMap { Array("line \($0 &* 2_654_435_761) ends\n".utf8) }
      .prefix(byteCount).map { $0 }
  }

  private func parts(of store: BlobStore) throws -> [BlobScope] {
    [store.plain, store.scoped(by: try key())]
  }

  // MARK: Whole

  @Test(arguments: sizes) func `the frames decode to the blob, whatever it is made of`(
    _ byteCount: Int
  ) async throws {
    let bench = try await bench()
    for part in try parts(of: bench.store) {
      for bytes in [text(byteCount), bench.bytes(byteCount)] {
        let info = try await part.put(bytes)
        let stream = try await FrameStream(part, info.key)
        #expect(try stream.decoded() == bytes)
        #expect(stream.byteCount == byteCount)
      }
    }
    await bench.store.close()
  }

  @Test(arguments: [256, 4_096, frame, 3 * frame + 5, 1 << 20, 3_000_000])
  func `what is stored compressed comes as it is stored`(_ byteCount: Int) async throws {
    let bench = try await bench()
    for part in try parts(of: bench.store) {
      let bytes = text(byteCount)
      let info = try await part.put(bytes)
      let stream = try await FrameStream(part, info.key)
      #expect(stream.isCompressed)
      #expect(stream.bytes.count < byteCount * 7 / 8 + 1)
      #expect(UInt64(stream.bytes.count) < info.storedByteCount)
      #expect(try stream.frames().count == (byteCount + Self.frame - 1) / Self.frame)
      // Nobody compressed it a second time: these very bytes are in the log.
      if part.keyID == nil, byteCount <= 1 << 20 { #expect(bench.disk(has: stream.bytes)) }
    }
    await bench.store.close()
  }

  @Test func `behind 16 MiB frames are four times as large`() async throws {
    let bench = try await bench { $0.segmentByteCount = 16 << 20 }
    let piece = text(1 << 20)
    let bytes = Array(repeatElement(piece, count: 17).joined()) + text(300_000)
    for part in try parts(of: bench.store) {
      let info = try await part.put(bytes)
      let stream = try await FrameStream(part, info.key)
      let frames = try stream.frames().map(\.contentByteCount)
      #expect(frames == Array(repeating: Self.frame, count: 64) + [1 << 20, 300_000])
      #expect(try stream.decoded() == bytes)
      let border = 16 << 20
      for range in [(border - 9)..<(border + 9), (border + 700_000)..<(border + 700_001)] {
        let asked = UInt64(range.lowerBound)..<UInt64(range.upperBound)
        #expect(try await part.get(info.key, range: asked) == Array(bytes[range]))
      }
    }
    await bench.store.close()
  }

  @Test func `raw, small and empty blobs say that they are not compressed`() async throws {
    let bench = try await bench()
    for part in try parts(of: bench.store) {
      for bytes in [[], [7], text(200), bench.bytes(5_000), bench.bytes(3_000_000)] {
        let info = try await part.put(bytes)
        let stream = try await FrameStream(part, info.key)
        #expect(!stream.isCompressed)
        let blockCount = bytes.count >> 17 + 3
        #expect(stream.bytes.count <= bytes.count + 14 * 3 + 3 * blockCount)
      }
    }
    await bench.store.close()
  }

  @Test(arguments: [true, false])
  func `pieces that are compressed and pieces that are not make one stream`(
    _ noiseFirst: Bool
  ) async throws {
    let bench = try await bench()
    let halves = [text(2 << 20), bench.bytes(2 << 20)]
    let bytes = Array((noiseFirst ? halves.reversed() : halves).joined()) + text(10)
    for part in try parts(of: bench.store) {
      let info = try await part.put(bytes)
      let stream = try await FrameStream(part, info.key)
      #expect(stream.isCompressed, "half of it is")
      #expect(stream.bytes.count < bytes.count * 3 / 4)
      #expect(try stream.decoded() == bytes)
    }
    await bench.store.close()
  }

  @Test func `another tool decodes the stream`() async throws {
    let bench = try await bench()
    let bytes = text(2 << 20) + bench.bytes(2 << 20) + text(10)
    let info = try await bench.store.put(bytes)
    let stream = try await FrameStream(bench.store.plain, info.key)
    let file = bench.path + ".zst"
    defer { for end in ["", ".out"] { try? FileManager.default.removeItem(atPath: file + end) } }
    try Data(stream.bytes).write(to: URL(filePath: file))
    let zstd = Process()
    zstd.executableURL = URL(filePath: "/usr/bin/env")
    zstd.arguments = ["zstd", "-q", "-d", "-M8MiB", file, "-o", file + ".out"]
    try zstd.run()
    zstd.waitUntilExit()
    #expect(zstd.terminationStatus == 0)
    #expect(FileManager.default.contents(atPath: file + ".out") == Data(bytes))
    await bench.store.close()
  }

  // MARK: Parts, and both forms

  @Test func `a part of a blob comes in frames too, and says that nothing is saved`()
    async throws
  {
    let bench = try await bench()
    let bytes = text(3_000_000)
    for part in try parts(of: bench.store) {
      let key = try await part.put(bytes).key
      for range in [0..<1, 5..<300_000, Self.frame..<(2 * Self.frame), 2_999_990..<2_999_999] {
        let asked = UInt64(range.lowerBound)..<UInt64(range.upperBound)
        let stream = try await FrameStream(part, key, range: asked)
        #expect(!stream.isCompressed)
        #expect(try stream.decoded() == Array(bytes[range]))
      }
      let beyond = try await FrameStream(part, key, range: 4_000_000..<5_000_000)
      #expect(try beyond.decoded() == [])
    }
    await bench.store.close()
  }

  @Test func `pieces may be taken in either form`() async throws {
    let bench = try await bench()
    let bytes = text(2_500_000)
    let key = try await bench.store.put(bytes).key
    let reader = try #require(try await bench.store.makeReader(for: key))
    let first = try #require(try await reader.next())
    var stream = FrameStream(of: reader)
    try await stream.readOn(reader)
    let rest = try stream.decoded()
    #expect(first + rest == bytes)
    #expect(try await reader.next() == nil)
    #expect(try await reader.nextFrames() == nil)
    await bench.store.close()
  }

  // MARK: The cache

  @Test func `a small blob in memory comes as it is stored, and once it is deleted in a frame`()
    async throws
  {
    let bench = try await bench { $0.cacheByteLimit = 8 << 20 }
    for part in try parts(of: bench.store) {
      for bytes in [text(20_000), bench.bytes(20_000), text(10), []] {
        let key = try await part.put(bytes).key
        let cold = try await FrameStream(part, key)
        #expect(try cold.decoded() == bytes)
        #expect(try await part.get(key) == bytes)
        let warm = try await FrameStream(part, key)
        #expect(warm == cold)
        let reader = try #require(try await part.makeReader(for: key))
        #expect(try await part.delete(key))
        var late = FrameStream(of: reader)
        try await late.readOn(reader)
        #expect(try late.decoded() == bytes)
      }
    }
    #expect(bench.store.cacheUsage.hitCount > 0)
    await bench.store.close()
  }

  // MARK: Damage

  @Test(arguments: [false, true], [20_000, 700_000, 3_000_000])
  func `damage is found before a frame is handed out`(
    _ isScoped: Bool,
    _ byteCount: Int
  ) async throws {
    let bench = try await bench { $0.recentByteLimit = 0 }
    let part = try parts(of: bench.store)[isScoped ? 1 : 0]
    let bytes = text(byteCount)
    // So that headers and what the superblock says of scopes are there: only the blob is new then.
    _ = try await part.put(bench.bytes(byteCount))
    let before = bench.files()
    let info = try await part.put(bytes)
    let whole = try await FrameStream(part, info.key)
    let written = bench.files().compactMap { $0.changed(since: before) }
    let payload = try #require(written.max { $0.range.count < $1.range.count })
    #expect((whole.bytes.count..<whole.bytes.count + 16_384).contains(payload.range.count))
    for sixteenth in stride(from: 1, to: 16, by: 2) {
      let place = payload.range.lowerBound + payload.range.count * sixteenth / 16
      try payload.flip(place)
      await #expect("\(sixteenth)") {
        _ = try await FrameStream(part, info.key)
      } throws: { error in
        if case EngineError.damaged(key: info.key, _) = error { true } else { false }
      }
      try payload.flip(place)
    }
    #expect(try await FrameStream(part, info.key) == whole)
    await bench.store.close()
  }

  @Test func `without its key no frame of a scope is handed out`() async throws {
    let bench = try await bench()
    let mine = try key()
    let scope = bench.store.scoped(by: mine)
    let key = try await scope.put(text(3_000_000)).key
    let reader = try #require(try await scope.makeReader(for: key))
    let name = try scope.name(of: key)
    let lost = EngineError.keyUnavailable(mine.id)
    await #expect(throws: lost) { _ = try await FrameStream(bench.store.plain, name) }
    mine.forget()
    await #expect(throws: lost) { _ = try await reader.nextFrames() }
    await bench.store.close()
  }
}

/// A file of a store as it was at a moment.
private struct FileState {
  let path: String
  let bytes: Data

  struct Change {
    let path: String
    let range: Range<Int>

    /// Turns one bit of a byte around.
    func flip(_ place: Int) throws {
      let handle = try #require(FileHandle(forUpdatingAtPath: path))
      try handle.seek(toOffset: UInt64(place))
      let byte = try #require(try handle.read(upToCount: 1)?.first)
      try handle.seek(toOffset: UInt64(place))
      try handle.write(contentsOf: [byte ^ 0x10])
      try handle.close()
    }
  }

  /// From the first to the last byte that is another one now.
  func changed(since before: [FileState]) -> Change? {
    var former = before.first { $0.path == path }?.bytes ?? Data()
    former.append(Data(count: max(0, bytes.count - former.count)))
    func isNew(_ range: Range<Int>) -> Bool { bytes[range] != former[range] }
    // Pages first: byte by byte a file of 8 MiB takes seconds.
    let pages = stride(from: 0, to: bytes.count, by: 4_096)
      .map { $0..<min($0 + 4_096, bytes.count) }.filter(isNew)
    guard let first = pages.first?.first(where: { isNew($0..<($0 + 1)) }),
      let last = pages.last?.last(where: { isNew($0..<($0 + 1)) })
    else { return nil }
    return Change(path: path, range: first..<(last + 1))
  }
}

extension StoreBench {
  fileprivate func files() -> [FileState] {
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return names.compactMap { name in
      FileManager.default.contents(atPath: path + "/" + name)
        .map { FileState(path: path + "/" + name, bytes: $0) }
    }
  }
}
