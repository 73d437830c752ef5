import Bytes
import Disk
import Testing

@testable import BlobEngine

/// When reclaim begins, what it takes first, at what pace, and what it is said to have written.
extension ReclaimTests {
  @Test func `a store copies nothing while it has few dead bytes, and begins before a quarter`()
    throws
  {
    var options = Self.options
    options.reclaims = true
    let store = CoreHarness(options: options)
    // Of a size that leaves next to nothing of their pages.
    let keys = try (0..<200).map { try store.put(noise(20_200, seed: $0)).key }
    deleteTogether(keys.enumerated().filter { $0.offset % 5 == 0 }.map(\.element), in: store)
    let before = try usage(store)
    #expect(before.deadShare > 0.19, "\(before)")
    #expect(before.emptiedSegmentCount == 0, "\(before)")
    for key in keys.enumerated().filter({ $0.offset % 5 == 1 }).map(\.element) {
      #expect(try store.delete(key))
      // It looks round once 64 KiB have died: four blobs, of half a hundredth each.
      #expect(try usage(store).deadShare <= 0.27)
    }
    #expect(try usage(store).emptiedSegmentCount > 0)
  }

  @Test(arguments: [false, true])
  func `victims go on to be of the generation that copies are being gathered of`(
    isOfCopies: Bool
  ) throws {
    let store = CoreHarness(options: Self.options)
    let old = try thinOut(try fill(store, 0..<300), keeping: 3, in: store).map(\.1)
    _ = try compact(store)
    let open = try #require(store.engine.lanes[.cold].active)
    let end = try #require(store.engine.slots[open].segment?.end)
    #expect(end > (256 << 10) / 4, "copies are being gathered")
    let young = try fill(store, 300..<420)
    deleteTogether(
      (old + young).enumerated().filter { $0.offset % 2 == 0 }.map(\.element),
      in: store
    )
    store.engine.reclaim.lastVictimWasOfCopies = isOfCopies
    store.isHolding = true
    _ = store.ask(.compact)
    store.run()
    let run = try #require(store.engine.reclaim.run)
    #expect((store.engine.slots[run.slot].segment?.lane == .cold) == isOfCopies)
  }

  @Test(arguments: [(5, ReclaimPolicy.longPause), (2, ReclaimPolicy.shortPause)])
  func `reclaim leaves the disk to others until it falls behind`(one: Int, pause: Int) throws {
    let store = CoreHarness(options: Self.options)
    let keys = try (0..<200).map { try store.put(noise(20_200, seed: $0)).key }
    deleteTogether(keys.enumerated().filter { $0.offset % one == 0 }.map(\.element), in: store)
    store.isHolding = true
    _ = store.ask(.compact)
    store.run()
    #expect(store.engine.reclaim.run?.pause == pause)
  }

  /// A request of somebody else's is under way all the time, so that reclaim takes a step for every
  /// few that end.
  @Test func `reclaim waits for others between its steps`() throws {
    var options = Self.options
    options.reclaims = true
    let store = CoreHarness(options: options)
    let keys = try (0..<200).map { try store.put(noise(20_200, seed: $0)).key }
    store.isHolding = true
    _ = store.ask(.read(keys[199], range: nil))
    store.run()
    store.isHolding = false
    for key in keys.prefix(120) where store.engine.reclaim.run == nil {
      #expect(try store.delete(key))
    }
    let run = try #require(store.engine.reclaim.run, "it has begun, and is not at its end")
    for number in 0..<(run.pause / 2) { try store.put([1, UInt8(number)]) }
    #expect(store.engine.reclaim.run === run)
    #expect(store.engine.reclaimCounters.emptiedSegmentCount == 0)
    store.release()
    #expect(store.engine.reclaimCounters.emptiedSegmentCount > 0)
  }

  @Test func `every byte that is written is counted, by what it is for`() throws {
    let store = CoreHarness(options: Self.options)
    let before = try usage(store)
    var written: UInt64 = 0
    store.holds = { operation in
      if case .write(_, _, let byteCount, _, _, _) = operation { written += UInt64(byteCount) }
      return false
    }
    _ = try thinOut(try fill(store, 0..<200), keeping: 4, in: store)
    _ = try compact(store)
    let after = try usage(store)
    func counted(_ usage: StoreUsage) -> UInt64 {
      usage.writtenByteCount + usage.movedByteCount + usage.checkpointByteCount
        + usage.tableByteCount
    }
    #expect(counted(after) - counted(before) == written)
    #expect(after.tombstoneByteCount == 150 * 128, "heads of 96 bytes, aligned to 64")
    // One blob a batch here, so that each fills its last page up.
    let payload: UInt64 = 200 * 6_000
    let rest = after.writtenByteCount - after.paddingByteCount - after.tombstoneByteCount
    #expect(rest > payload && rest < payload * 11 / 10, "\(after)")
    #expect(after.tableByteCount > before.tableByteCount)
    #expect(after.writeAmplification > Double(written) / Double(after.writtenByteCount) - 0.01)
  }
}
