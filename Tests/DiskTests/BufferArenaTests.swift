import Bytes
import Testing

@testable import Disk

@Suite("The memory of a disk")
struct BufferArenaTests {
  private func lend(_ arena: BufferArena, _ byteCount: Int) -> DiskBuffer? {
    unsafe arena.makeBuffer(byteCount: byteCount) { _, _ in false }
  }

  private func address(_ buffer: DiskBuffer) -> Int {
    Int(bitPattern: unsafe buffer.base)
  }

  @Test(arguments: [(1, 64 << 10), (65537, 256 << 10), (300_000, 1 << 20), (4 << 20, 4 << 20)])
  func `a request gets the smallest slab that holds it`(_ asked: Int, _ got: Int) throws {
    let buffer = try #require(lend(BufferArena(regionLimit: 1), asked))
    #expect(buffer.byteCount == got)
    #expect(address(buffer) % DiskBuffer.alignment == 0)
  }

  /// From 4 MiB on it comes straight from the system.
  @Test(arguments: [1, 4096, (4 << 20) - 1, 4 << 20, (4 << 20) + 1])
  func `memory of no arena is whole pages, and zeroes`(byteCount: Int) {
    let buffer = DiskBuffer(byteCount: byteCount)
    #expect(buffer.byteCount == (byteCount + 4095) / 4096 * 4096)
    #expect(address(buffer) % DiskBuffer.alignment == 0)
    let wasZero = buffer.span.isZero
    #expect(wasZero)
    buffer.copy(from: [7].span, at: buffer.byteCount - 1)
    let isZero = buffer.span.isZero
    #expect(!isZero)
  }

  @Test func `slabs never overlap, and a full arena lends nothing`() throws {
    let arena = BufferArena(regionLimit: 2)
    var lent: [DiskBuffer] = []
    for byteCount in [64 << 10, 1 << 20, 64 << 10, 256 << 10, 4 << 20, 1 << 20] {
      lent.append(try #require(lend(arena, byteCount)))
    }
    while let buffer = lend(arena, 64 << 10) { lent.append(buffer) }
    #expect(arena.lentByteCount == 8 << 20)
    let ranges = lent.map { address($0)..<address($0) + $0.byteCount }
      .sorted { $0.lowerBound < $1.lowerBound }
    for (one, next) in zip(ranges, ranges.dropFirst()) {
      #expect(one.upperBound <= next.lowerBound)
    }
    #expect(lend(arena, 1) == nil)
  }

  @Test func `slabs come back from any thread, and small ones make large ones again`() async throws
  {
    let arena = BufferArena(regionLimit: 1)
    var lent: [DiskBuffer] = []
    while let buffer = lend(arena, 64 << 10) { lent.append(buffer) }
    #expect(lent.count == 64)
    await withTaskGroup { group in
      for buffer in lent { group.addTask { buffer.zero(0..<1) } }
      lent.removeAll()
    }
    #expect(arena.lentByteCount == 0)
    #expect(lend(arena, 4 << 20)?.byteCount == 4 << 20)
  }

  @Test func `memory is taken from the system as it is needed`() throws {
    let arena = BufferArena(regionLimit: 16)
    #expect(arena.mappedByteCount == 0)
    let first = try #require(lend(arena, 1))
    let second = try #require(lend(arena, 1 << 20))
    #expect(arena.mappedByteCount == 4 << 20)
    #expect(first.byteCount + second.byteCount == arena.lentByteCount)
  }

  @Test func `a region that the kernel refuses is used unregistered`() throws {
    let arena = BufferArena(regionLimit: 2)
    let taken = unsafe try #require(arena.makeBuffer(byteCount: 4 << 20) { _, _ in true })
    let refused = unsafe try #require(arena.makeBuffer(byteCount: 1) { _, _ in false })
    #expect(taken.registration == 0)
    #expect(refused.registration == nil)
  }

  @Test func `what is larger than a region is not lent`() {
    #expect(lend(BufferArena(regionLimit: 16), (4 << 20) + 1) == nil)
  }
}
