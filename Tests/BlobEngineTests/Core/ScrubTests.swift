import Bytes
import Codec
import Disk
import Testing

@testable import BlobEngine

@Suite("Scrub")
struct ScrubTests {
  @Test func `a sound store has nothing to report`() throws {
    let store = CoreHarness()
    for seed in 0..<30 { try store.put(noise(20_000, seed: UInt64(seed))) }
    try store.upload(noise(200_000))
    try store.request(.checkpoint)
    let found = try store.scrub()
    #expect(found.damaged.isEmpty)
    #expect(found.other.isEmpty)
  }

  @Test func `a damaged blob is found by name, and put again it is whole`() throws {
    let store = CoreHarness()
    var places: [SHA256Digest: MemoryDisk.Place] = [:]
    for seed in 0..<30 {
      let key = try store.put(noise(20_000, seed: UInt64(seed))).key
      places[key] = store.lastBatch
    }
    let victim = try store.preparer.blob(noise(20_000, seed: 3)).key
    let place = try #require(places[victim])
    store.disk.corrupt(.slot(place.slot), at: place.offset + 9_000)
    let found = try store.scrub()
    #expect(found.damaged == [victim])
    #expect(try store.put(noise(20_000, seed: 3)).wasNew)
    #expect(try store.get(victim) == noise(20_000, seed: 3))
  }

  @Test func `a damaged piece of a large blob is found by the blob's name`() throws {
    let store = CoreHarness()
    let key = try store.upload(noise(100_000)).key
    let piece = try #require(
      store.disk.writes.first { $0.offset >= 4096 && $0.byteCount > 30_000 }
    )
    store.disk.corrupt(.slot(piece.slot), at: piece.offset + 9_000)
    #expect(try store.scrub().damaged == [key])
  }

  @Test func `each byte of every file is verified by something`() throws {
    let store = CoreHarness(options: CoreHarness.uncachedOptions)
    let key = try store.put(noise(3_000)).key
    try store.upload(noise(100_000))
    for seed in 0..<20 { try store.put(noise(20_000, seed: UInt64(seed + 100))) }
    try store.request(.checkpoint)
    let written = store.engine.usedRanges
    #expect(!written.isEmpty)
    var generator = CountingGenerator(seed: 5)
    for (file, range) in written {
      let offset = range.randomElement(using: &generator) ?? range.lowerBound
      store.disk.corrupt(file, at: offset)
      let found = try store.scrub()
      #expect(
        !found.damaged.isEmpty || !found.other.isEmpty,
        "offset \(offset) of \(file.path)"
      )
      store.disk.corrupt(file, at: offset)
    }
    #expect(try store.get(key) == noise(3_000))
  }

  @Test func `an explanation tells where a blob is`() throws {
    let store = CoreHarness()
    let key = try store.put(noise(3_000)).key
    guard case .explained(let there) = try store.request(.explain(key)),
      case .explained(let absent) = try store.request(.explain(.none))
    else {
      Issue.record("explanations are answers")
      return
    }
    #expect(there.isPresent)
    #expect(there.lines.contains { $0.contains("3000 bytes") })
    #expect(!absent.isPresent)
  }
}
