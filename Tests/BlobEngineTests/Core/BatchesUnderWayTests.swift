import Bytes
import Codec
import Disk
import Testing

@testable import BlobEngine

/// Several batches of large blobs' pieces are under way at once; what a crash makes of that.
@Suite("Batches under way")
struct BatchesUnderWayTests {
  private static let failure = DiskError.system(operation: "write", code: 5)

  /// A store with an upload of one durable piece, whose further writes to slots are held back.
  private struct Bench {
    let store = CoreHarness()
    let id: UploadID
    private(set) var bytes: [UInt8] = []
    private(set) var asked: [RequestID] = []

    init() throws {
      id = try store.beginUpload()
      bytes = noise(32_768)
      try store.request(.append(id, store.preparer.extent(bytes)))
      store.holds = { if case .write(.slot, _, _, _, _, _) = $0 { true } else { false } }
    }

    /// Appends a piece in a turn of its own, which the disk does not answer.
    mutating func append() throws {
      let piece = noise(32_768, seed: UInt64(bytes.count))
      bytes += piece
      asked.append(store.ask(.append(id, try store.preparer.extent(piece))))
      store.run()
    }

    /// Ends the upload and returns the blob's key.
    func finish() throws -> SHA256Digest {
      let key = SHA256Stream.digest(of: bytes.span)
      try store.request(.finishUpload(id, PreparedName(key)))
      return key
    }

    /// Where the writes that are held back go to.
    var offsets: [UInt64] {
      store.held.compactMap { request in
        guard case .write(_, let offset, _, _, _, _) = request.operation else { return nil }
        return offset
      }
    }

    /// Takes one of a segment's batches off the disk.
    func wipe(_ number: Int, of slot: UInt32) {
      let nothing = [UInt8](repeating: 0, count: 36_864)
      store.disk.overwrite(.slot(slot), at: 4_096 + number * nothing.count, with: nothing)
    }

    var largeSlot: UInt32 {
      get throws { try #require(store.engine.lanes[.large].active) }
    }
  }

  @Test func `four pieces go to the disk together, and a fifth waits`() throws {
    var bench = try Bench()
    for _ in 0..<5 { try bench.append() }
    let offsets = bench.offsets
    #expect(offsets.count == 4)
    #expect(zip(offsets, offsets.dropFirst()).allSatisfy { $1 - $0 == 36_864 })
    bench.store.release(0)
    #expect(bench.offsets.count == 4)
    bench.store.release()
    let key = try bench.finish()
    #expect(try bench.store.get(key) == bench.bytes)
    #expect(try bench.store.reopened().get(key) == bench.bytes)
  }

  @Test func `the first batch of a segment has it to itself`() throws {
    let store = CoreHarness()
    let id = try store.beginUpload()
    store.holds = { if case .write(.slot, 4_096..., _, _, _, _) = $0 { true } else { false } }
    for seed: UInt64 in 0..<3 {
      _ = store.ask(.append(id, try store.preparer.extent(noise(32_768, seed: seed))))
      store.run()
    }
    #expect(store.held.count == 1)
  }

  @Test func `a batch that ends early is answered after those before it`() throws {
    var bench = try Bench()
    for _ in 0..<3 { try bench.append() }
    bench.store.release(2)
    bench.store.release(1)
    #expect(bench.asked.allSatisfy { bench.store.answer(to: $0) == nil })
    bench.store.release(0)
    for request in bench.asked { _ = try #require(bench.store.answer(to: request)).get() }
  }

  @Test(arguments: 0..<3)
  func `a batch that fails is written again elsewhere, with those behind it`(index: Int) throws {
    var bench = try Bench()
    let poisoned = try bench.largeSlot
    for _ in 0..<3 { try bench.append() }
    let bad = bench.offsets[index]
    bench.store.disk.fault = { operation in
      guard case .write(.slot(poisoned), bad, _, _, _, _) = operation else { return nil }
      return Self.failure
    }
    bench.store.release()
    #expect(try bench.largeSlot != poisoned)
    let key = try bench.finish()
    #expect(try bench.store.get(key) == bench.bytes)
    let again = bench.store.reopened()
    #expect(again.report?.damagedBatchCount == 0)
    #expect(try again.get(key) == bench.bytes)
  }

  // MARK: Crashes

  @Test func `a hole between batches that a crash left is no damage`() throws {
    var bench = try Bench()
    for _ in 0..<3 { try bench.append() }
    bench.store.release(2)
    let again = bench.store.reopened()
    #expect(again.report?.damagedBatchCount == 0)
    #expect(try again.scrub().other == [])
    let key = try again.upload(bench.bytes).key
    try again.close()
    let last = again.reopened()
    #expect(last.report?.damagedBatchCount == 0)
    #expect(try last.get(key) == bench.bytes)
    #expect(try last.scrub().other == [])
    #expect(last.engine.audit().isEmpty)
  }

  @Test func `a place between batches that cannot be read is no hole`() throws {
    var bench = try Bench()
    let slot = try bench.largeSlot
    for _ in 0..<3 { try bench.append() }
    bench.store.release()
    let end = UInt64(4_096 + 2 * 36_864)
    bench.store.disk.fault = { operation in
      guard case .read(.slot(slot), let offset, let count, _, _, _) = operation,
        offset < end, offset + UInt64(count) >= end
      else { return nil }
      return Self.failure
    }
    #expect(bench.store.reopened().report?.damagedBatchCount == 1)
  }

  @Test(arguments: [false, true])
  func `what a later batch knows to be durable is damaged when it is not there`(
    areTogether: Bool
  ) throws {
    var bench = try Bench()
    let slot = try bench.largeSlot
    // The second was laid out when the first was durable, and names it. Of three together none
    // does, but the fourth names the third.
    for _ in 0..<(areTogether ? 3 : 1) { try bench.append() }
    while !bench.store.held.isEmpty { bench.store.release(0) }
    try bench.append()
    bench.store.release()
    let key = try bench.finish()
    bench.wipe(1, of: slot)
    let again = bench.store.reopened()
    #expect(again.report?.damagedBatchCount == 1)
    #expect(throws: EngineError.self) { try again.get(key) }
  }

  @Test func `a hole that a footer has records of is damage`() throws {
    var bench = try Bench()
    let slot = try bench.largeSlot
    for _ in 0..<5 { try bench.append() }
    // The sixth batch, the segment's last, begins when only the second is durable.
    bench.store.release(0)
    bench.store.release()
    try bench.append()
    #expect(bench.store.engine.slots[slot].state == .sealed)
    let footer = try #require(bench.store.engine.slots[slot].segment?.footer)
    bench.wipe(2, of: slot)
    bench.store.disk.corrupt(.slot(slot), at: footer.offset + 50)
    #expect(bench.store.reopened().report?.damagedBatchCount == 1)
  }

  @Test func `a segment is left when nothing is under way in it any more`() throws {
    var bench = try Bench()
    let slot = try bench.largeSlot
    for _ in 0..<6 { try bench.append() }
    while bench.store.held.count > 1 { bench.store.release(0) }
    #expect(bench.store.engine.slots[slot].state == .open)
    bench.store.release()
    #expect(bench.store.engine.slots[slot].state == .sealed)
    let key = try bench.finish()
    #expect(try bench.store.reopened().get(key) == bench.bytes)
  }
}
