import Bytes
import Codec
import Testing

@testable import BlobEngine

@Suite("A blob in the making")
struct BlobWriterTests {
  @Test(arguments: [0, 1, 131_071, 131_072, 131_073, 262_144, 700_001], [1_000, 131_072, 900_000])
  func `comes back as it was written`(_ byteCount: Int, _ step: Int) async throws {
    let bench = try await StoreBench(.automatic)
    let bytes = bench.bytes(byteCount)
    let writer = try await bench.store.makeWriter()
    for start in stride(from: 0, to: byteCount, by: step) {
      try await writer.write(Array(bytes[start..<min(byteCount, start + step)]))
    }
    let info = try await writer.finish(expecting: SHA256Stream.digest(of: bytes.span))
    #expect(info.byteCount == UInt64(byteCount))
    #expect(try await bench.store.get(info.key) == bytes)
    await bench.store.close()
  }

  @Test func `can be read while it grows, and after`() async throws {
    let bench = try await StoreBench(.automatic)
    let bytes = bench.bytes(1_000_000)
    let writer = try await bench.store.makeWriter()
    for start in stride(from: 0, to: bytes.count, by: 90_000) {
      try await writer.write(Array(bytes[start..<min(bytes.count, start + 90_000)]))
      let readable = writer.readableByteCount
      #expect(readable == UInt64(min(bytes.count, start + 90_000)))
      #expect(try await readAll(writer) == Array(bytes.prefix(Int(readable))))
      #expect(try await writer.read(at: readable, upTo: 10) == [])
    }
    let info = try await writer.finish()
    #expect(writer.readableByteCount == info.byteCount)
    #expect(try await readAll(writer) == bytes)
    await bench.store.close()
  }

  @Test func `many readers may follow one writer`() async throws {
    let bench = try await StoreBench(.threads)
    let bytes = bench.bytes(2_000_000)
    let writer = try await bench.store.makeWriter()
    try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<8 {
        group.addTask {
          var copy: [UInt8] = []
          while copy.count < bytes.count {
            copy += try await writer.read(at: UInt64(copy.count), upTo: 50_000)
            await Task.yield()
          }
          return copy
        }
      }
      for start in stride(from: 0, to: bytes.count, by: 50_000) {
        try await writer.write(Array(bytes[start..<start + 50_000]))
      }
      _ = try await writer.finish()
      for try await copy in group { #expect(copy == bytes) }
    }
    await bench.store.close()
  }

  @Test func `takes nothing more once it is over`() async throws {
    let bench = try await StoreBench(.automatic)
    let finished = try await bench.store.makeWriter()
    try await finished.write([1])
    _ = try await finished.finish()
    await #expect(throws: EngineError.writerClosed) { try await finished.write([2]) }
    await #expect(throws: EngineError.writerClosed) { _ = try await finished.finish() }
    let cancelled = try await bench.store.makeWriter()
    try await cancelled.write(bench.bytes(500_000))
    await cancelled.cancel()
    await #expect(throws: EngineError.writerClosed) { try await cancelled.write([2]) }
    await #expect(throws: EngineError.writerClosed) { _ = try await cancelled.read(at: 0, upTo: 1) }
    let digest = SHA256Stream.digest(of: bench.bytes(500_000).span)
    #expect(try await bench.store.stat(digest) == nil)
    await bench.store.close()
  }

  @Test func `is given up with the last reference, and the store goes on`() async throws {
    let bench = try await StoreBench(.automatic)
    for number in 0..<20 {
      let writer = try await bench.store.makeWriter()
      try await writer.write(bench.bytes(400_000, number))
    }
    let info = try await bench.store.put(bench.bytes(400_000, 3))
    #expect(info.wasNew)
    await bench.store.close()
  }

  @Test func `a reader let go half-way harms nothing`() async throws {
    let bench = try await StoreBench(.automatic)
    let bytes = bench.bytes(1_500_000)
    let key = try await bench.store.put(bytes).key
    for _ in 0..<20 {
      let reader = try #require(try await bench.store.makeReader(for: key))
      #expect(reader.range == 0..<1_500_000)
      #expect(try await reader.next() != nil)
    }
    #expect(try await bench.store.get(key) == bytes)
    await bench.store.close()
  }

  private func readAll(_ writer: BlobWriter) async throws -> [UInt8] {
    var copy: [UInt8] = []
    while case let more = try await writer.read(at: UInt64(copy.count), upTo: 77_777), !more.isEmpty
    {
      copy += more
    }
    return copy
  }
}
