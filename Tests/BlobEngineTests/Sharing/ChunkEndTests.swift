import Testing

@testable import BlobEngine

@Suite("Where the chunks of an archive end")
struct ChunkEndTests {
  /// Members that follow one another with a byte between them, and the sizes of their chunks.
  private func chunks(of sizes: [Int]) -> [Int] {
    var rules = SharingRules(chunkByteLimit: 1000)
    rules.leastChunkByteCount = 100
    var (members, end): ([Range<UInt64>], UInt64) = ([], 1)
    for size in sizes {
      members.append(end..<(end + UInt64(size)))
      end += UInt64(size) + 1
    }
    var cutter = RecipeCutter(members: members, rules: rules)
    return cutter.take([UInt8](repeating: 7, count: Int(end))).map(\.count)
  }

  @Test func `small members are joined until they are enough`() {
    #expect(chunks(of: [40, 50, 30, 60]) == [120, 60])
    #expect(chunks(of: [99, 1, 99]) == [100, 99])
  }

  @Test func `a large member begins a chunk, however little is in the one before`() {
    #expect(chunks(of: [60, 500, 40]) == [60, 500, 40])
    #expect(chunks(of: [100, 100]) == [100, 100])
  }

  @Test func `what is left of a long member is not joined with the next one`() {
    #expect(chunks(of: [1050, 40]) == [1000, 50, 40])
    #expect(chunks(of: [2001, 40, 40]) == [1000, 1000, 1, 80])
  }
}
