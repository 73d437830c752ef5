import Bytes
import Codec
import Disk
import Testing

@testable import BlobEngine

@Suite("Failing disks")
struct FailureTests {
  private static let failure = DiskError.system(operation: "write", code: 5)

  @Test(arguments: [true, false])
  func `a batch that fails is written again elsewhere`(isShort: Bool) throws {
    let store = CoreHarness()
    let first = try store.put(noise(5_000)).key
    var failures = 1
    store.disk.fault = { operation in
      guard case .write(.slot, let offset, let count, _, _, _) = operation, offset >= 4096,
        failures > 0
      else { return nil }
      failures -= 1
      return isShort ? .short(expected: count, actual: count / 2) : Self.failure
    }
    let second = try store.put(noise(6_000, seed: 8))
    #expect(second.wasNew)
    #expect(store.logged.contains { $0.level == .alarm })
    for opensAgain in [false, true] {
      let harness = opensAgain ? store.reopened() : store
      #expect(try harness.get(first) == noise(5_000))
      #expect(try harness.get(second.key) == noise(6_000, seed: 8))
      #expect(try harness.put([1, 2]).key == harness.preparer.blob([1, 2]).key)
    }
  }

  @Test func `a failed flush is not believed when it succeeds the second time`() throws {
    let store = CoreHarness()
    try store.put([0])
    let poisoned = try #require(store.lastBatch).slot
    var failures = 1
    store.disk.fault = { operation in
      guard case .flush(.slot(poisoned)) = operation, failures > 0 else { return nil }
      failures -= 1
      return Self.failure
    }
    let info = try store.put(noise(4_000), .relaxed)
    #expect(try #require(store.lastBatch).slot != poisoned)
    #expect(try store.reopened().get(info.key) == noise(4_000))
  }

  @Test func `two failures in a row end the writing, and reads go on`() throws {
    let store = CoreHarness()
    let key = try store.put(noise(5_000)).key
    store.disk.fault = { operation in
      if case .write(.slot, let offset, _, _, _, _) = operation, offset >= 4096 {
        return Self.failure
      }
      return nil
    }
    for _ in 0..<2 {
      #expect {
        try store.put([1])
      } throws: { error in
        if case EngineError.readOnly = error { true } else { false }
      }
    }
    #expect(throws: EngineError.self) { try store.delete(key) }
    #expect(try store.get(key) == noise(5_000))
    store.disk.fault = nil
    #expect(throws: EngineError.self) { try store.put([1]) }
    let again = store.reopened()
    #expect(try again.put([1]).wasNew)
    #expect(try again.get(key) == noise(5_000))
  }

  @Test func `a read that fails once is tried again`() throws {
    let store = CoreHarness()
    let key = try store.put(noise(5_000)).key
    let again = store.reopened()
    var failures = 1
    again.disk.fault = { operation in
      guard case .read = operation, failures > 0 else { return nil }
      failures -= 1
      return Self.failure
    }
    #expect(try again.get(key) == noise(5_000))
  }

  @Test func `a read that fails for good is damage to one blob`() throws {
    let store = CoreHarness()
    let key = try store.put(noise(5_000)).key
    let place = try #require(store.lastBatch)
    let other = try store.put(noise(5_000, seed: 8)).key
    // Reclaim would move the blob out of its short segment.
    var options = CoreHarness.smallOptions
    options.reclaims = false
    let again = store.reopened(options: options)
    again.disk.fault = { operation in
      if case .read(.slot(place.slot), let offset, let count, _, _, _) = operation,
        (offset..<(offset + UInt64(count))).contains(UInt64(place.offset))
      {
        return Self.failure
      }
      return nil
    }
    #expect {
      try again.get(key)
    } throws: { error in
      guard case EngineError.damaged(key: key, let damage) = error else { return false }
      return damage.kind == .unreadable
    }
    #expect(try again.get(other) == noise(5_000, seed: 8))
  }

  @Test func `a store that somebody else has opened since is written no more`() throws {
    let store = CoreHarness()
    try store.put([1])
    _ = store.reopened()
    #expect {
      try store.request(.checkpoint)
    } throws: { error in
      if case EngineError.readOnly = error { true } else { false }
    }
    #expect(throws: EngineError.self) { try store.put([2]) }
  }

  @Test func `a checkpoint that fails leaves the one before, and may be tried again`() throws {
    let store = CoreHarness()
    var keys = [try store.put(noise(500)).key]
    try store.request(.checkpoint)
    keys.append(try store.put(noise(600)).key)
    store.disk.fault = { operation in
      if case .write(.checkpoint, _, _, _, _, _) = operation { return Self.failure }
      return nil
    }
    #expect(throws: EngineError.self) { try store.request(.checkpoint) }
    store.disk.fault = nil
    for harness in [store, store.reopened()] {
      for key in keys { #expect(try harness.get(key) != nil) }
    }
    let again = store.reopened()
    try again.request(.checkpoint)
    for key in keys { #expect(try again.reopened().get(key) != nil) }
  }
}
