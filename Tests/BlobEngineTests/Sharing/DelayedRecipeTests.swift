import Bytes
import Disk
import Simulation
import Testing

@testable import BlobEngine

@Suite("Archives that share members, deleted and had back")
struct DelayedRecipeTests {
  private static let start: UInt64 = 1_000_000
  private static let delay: UInt64 = 640_000
  private let first = SampleArchive.bytes(24_000, 0, family: 1)
  private let second = SampleArchive.bytes(24_000, 0, family: 2)

  private static var options: StoreOptions {
    var options = CoreHarness.sharingOptions
    options.deletionDelayMilliseconds = delay
    return options
  }

  @Test func `chunks of a deleted blob are kept as long as it is`() throws {
    let store = CoreHarness(options: Self.options)
    let keys = try store.putShared([first, second])
    for key in keys { #expect(try store.delete(key)) }
    try store.request(.compact)
    let later = store.reopened(options: Self.options)
    try later.request(.compact)
    #expect(later.engine.sharing.chunkCount == 8)
    guard case .stored = try later.request(.undelete(keys[0])) else {
      return #expect(Bool(false), "it is kept")
    }
    #expect(try later.get(keys[0]) == first)
    later.pass(to: Self.start + Self.delay / 8)
    later.pass(to: Self.start + Self.delay * 5 / 4)
    try later.request(.compact)
    #expect(later.engine.sharing.chunkCount == 4)
    #expect(try later.get(keys[0]) == first)
    #expect(later.engine.audit().isEmpty)
  }

  @Test func `a blob that is deleted while chunks are collected keeps its own`() throws {
    let store = CoreHarness(options: Self.options)
    let keys = try store.putShared([first, second])
    store.holds = { if case .read = $0 { true } else { false } }
    let compaction = store.ask(.compact)
    store.run()
    #expect(store.held.count == 1, "the first recipe is being read")
    for key in keys {
      let deletion = store.ask(.delete(key))
      store.run()
      store.release(store.held.count - 1)
      #expect(store.answer(to: deletion) != nil)
    }
    store.release()
    #expect(store.answer(to: compaction) != nil)
    for (key, archive) in zip(keys, [first, second]) {
      guard case .stored = try store.request(.undelete(key)) else {
        return #expect(Bool(false), "it is kept")
      }
      #expect(try store.get(key) == archive)
    }
  }
}
