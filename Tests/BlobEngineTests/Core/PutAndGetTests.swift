import Bytes
import Codec
import Disk
import Testing

@testable import BlobEngine

@Suite("Put and get")
struct PutAndGetTests {
  static let sizes = [0, 1, 63, 64, 65, 4095, 4096, 4097, 32767, 32768]

  @Test(arguments: sizes) func `a blob comes back as it was put`(byteCount: Int) throws {
    let store = CoreHarness()
    let bytes = noise(byteCount)
    let info = try store.put(bytes)
    #expect(info.wasNew)
    #expect(info.byteCount == UInt64(byteCount))
    #expect(info.key == SHA256Stream.digest(of: bytes.span))
    #expect(try store.get(info.key) == bytes)
  }

  @Test func `what was never put is absent`() throws {
    let store = CoreHarness()
    #expect(try store.get(SHA256Stream.digest(of: [1, 2, 3].span)) == nil)
    guard case .absent = try store.request(.stat(SHA256Stream.digest(of: [1].span))) else {
      return #expect(Bool(false), "a stat of what is not there says so")
    }
  }

  @Test func `ranges are cut to the blob`() throws {
    let store = CoreHarness()
    let bytes = noise(10_000)
    let key = try store.put(bytes).key
    #expect(try store.get(key, 100..<5_000) == Array(bytes[100..<5_000]))
    #expect(try store.get(key, 9_999..<20_000) == [bytes[9_999]])
    #expect(try store.get(key, 0..<0) == [])
  }

  @Test func `text is stored compressed, and ranges of it come back`() throws {
    let store = CoreHarness()
    let bytes = text(30_000)
    let info = try store.put(bytes)
    #expect(info.storedByteCount < 10_000)
    #expect(try store.get(info.key) == bytes)
    #expect(try store.get(info.key, 12_345..<23_456) == Array(bytes[12_345..<23_456]))
  }

  @Test func `the same bytes twice cost one copy`() throws {
    let store = CoreHarness()
    let bytes = noise(5_000)
    let first = try store.put(bytes)
    let live = store.engine.liveByteCounts
    let second = try store.put(bytes)
    #expect(first.wasNew)
    #expect(!second.wasNew)
    #expect(store.engine.liveByteCounts == live)
    #expect(store.engine.blobCount == 1)
  }

  @Test func `the same bytes at once cost one copy, and all who put them hear so`() throws {
    let store = CoreHarness()
    let blob = try store.preparer.blob(noise(5_000))
    let ids = (0..<10).map { _ in store.ask(.put(blob, .flushed)) }
    store.run()
    var newCount = 0
    for id in ids {
      guard case .success(.stored(let info)) = store.answer(to: id) else {
        Issue.record("every put succeeds")
        continue
      }
      if info.wasNew { newCount += 1 }
    }
    #expect(newCount == 1)
    #expect(store.engine.blobCount == 1)
  }

  @Test func `puts of one turn share one batch`() throws {
    let store = CoreHarness()
    let blobs = try (1...64).map { try store.preparer.blob(noise(300, seed: $0)) }
    // Their places in the index are there then.
    for blob in blobs {
      try store.request(.put(blob, .flushed))
      #expect(try store.delete(blob.key))
    }
    store.disk.forgetLog()
    let ids = blobs.map { store.ask(.put($0, .flushed)) }
    store.run()
    for id in ids { _ = try #require(store.answer(to: id)).get() }
    let writes = store.disk.log.count { if case .write = $0 { true } else { false } }
    #expect(writes == 1)
  }

  @Test func `nothing is acknowledged before the disk has answered`() throws {
    let store = CoreHarness()
    try store.put([0])
    store.isHolding = true
    let blob = try store.preparer.blob([1, 2, 3])
    let id = store.ask(.put(blob, .flushed))
    store.run()
    #expect(store.answer(to: id) == nil)
    #expect(store.engine.bufferedByteCount == 3)
    store.release()
    _ = try #require(store.answer(to: id)).get()
    #expect(store.engine.bufferedByteCount == 0)
  }

  @Test func `a relaxed put is acknowledged and readable before its flush`() throws {
    let store = CoreHarness()
    try store.put([0])
    let blob = try store.preparer.blob(noise(3_000))
    var isFlushing = false
    store.disk.fault = { operation in
      if case .flush = operation { isFlushing = true }
      return nil
    }
    let info = try store.put(noise(3_000), .relaxed)
    #expect(isFlushing)
    #expect(try store.get(info.key) == noise(3_000))
    #expect(info.key == blob.key)
  }

  @Test func `deleted is gone, and may be put again`() throws {
    let store = CoreHarness()
    let bytes = noise(100)
    let key = try store.put(bytes).key
    #expect(try store.delete(key))
    #expect(try store.get(key) == nil)
    #expect(try !store.delete(key))
    #expect(try store.put(bytes).wasNew)
    #expect(try store.get(key) == bytes)
  }

  @Test func `changes of one key in one turn happen in their order`() throws {
    let store = CoreHarness()
    let blob = try store.preparer.blob([9, 9, 9])
    let asked = [
      store.ask(.put(blob, .flushed)), store.ask(.delete(blob.key)),
      store.ask(.delete(blob.key)), store.ask(.put(blob, .flushed)),
    ]
    store.run()
    let replies = try asked.map { try #require(store.answer(to: $0)).get() }
    guard case .stored(let first) = replies[0], case .deleted(let was) = replies[1],
      case .deleted(let wasAgain) = replies[2], case .stored(let last) = replies[3]
    else {
      Issue.record("each request has its own kind of answer")
      return
    }
    #expect(first.wasNew)
    #expect(was)
    #expect(!wasAgain)
    #expect(last.wasNew)
    #expect(try store.get(blob.key) == [9, 9, 9])
  }

  @Test func `many segments fill up, and everything is still there`() throws {
    let store = CoreHarness()
    var kept: [(SHA256Digest, [UInt8])] = []
    for seed in 0..<100 {
      let bytes = noise(20_000, seed: UInt64(seed))
      kept.append((try store.put(bytes).key, bytes))
    }
    for (key, bytes) in kept { #expect(try store.get(key) == bytes) }
    #expect(try store.keys() == Set(kept.map(\.0)))
  }

  @Test func `a cold get of a small blob is one read of the device`() throws {
    let store = CoreHarness()
    let key = try store.put(noise(30_000)).key
    try store.close()
    let again = store.reopened()
    again.disk.forgetLog()
    #expect(try again.get(key) == noise(30_000))
    #expect(again.disk.log.count == 1)
  }
}
