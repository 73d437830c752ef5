import Bytes
import Codec
import Disk
import Testing

@testable import BlobEngine

@Suite("Reclaim")
struct ReclaimTests {
  static let options = StoreOptions(
    segmentByteCount: 256 << 10,
    recentByteLimit: 0,
    checkpointByteInterval: 1 << 30,
    reclaims: false,
    compresses: false
  )

  /// Puts blobs of 6,000 bytes, some thirty a segment.
  func fill(_ store: CoreHarness, _ numbers: Range<Int>) throws -> [SHA256Digest] {
    try numbers.map { try store.put(noise(6_000, seed: UInt64($0))).key }
  }

  func compact(_ store: CoreHarness) throws -> ReclaimCounters {
    guard case .compacted(let counters) = try store.request(.compact) else {
      throw CoreHarness.Unexpected()
    }
    return counters
  }

  func usage(_ store: CoreHarness) throws -> StoreUsage {
    guard case .usage(let usage) = try store.request(.usage) else { throw CoreHarness.Unexpected() }
    return usage
  }

  /// Deletes blobs with one batch of tombstones.
  func deleteTogether(_ keys: [SHA256Digest], in store: CoreHarness) {
    for key in keys { _ = store.ask(.delete(key)) }
    store.run()
  }

  /// Deletes all blobs but every `kept`-th, and returns those with their numbers.
  func thinOut(
    _ keys: [SHA256Digest],
    keeping kept: Int,
    in store: CoreHarness
  ) throws -> [(Int, SHA256Digest)] {
    for (number, key) in keys.enumerated() where number % kept != 0 {
      #expect(try store.delete(key))
    }
    return keys.enumerated().filter { $0.offset % kept == 0 }.map { ($0.offset, $0.element) }
  }

  @Test func `what is alive moves together, and the slots are used again`() throws {
    let store = CoreHarness(options: Self.options)
    let kept = try thinOut(try fill(store, 0..<300), keeping: 10, in: store)
    _ = try compact(store)
    let usage = try usage(store)
    #expect(usage.deadShare < 0.4, "\(usage)")
    #expect(usage.usedSegmentCount <= 5, "\(usage)")
    #expect(usage.freedSegmentCount >= 6)
    for open in Self.ways.prefix(2) {
      let harness = try open(store)
      for (number, key) in kept {
        #expect(try harness.get(key) == noise(6_000, seed: UInt64(number)))
      }
      #expect(harness.engine.blobCount == kept.count)
      #expect(harness.engine.audit().isEmpty)
    }
  }

  @Test func `a store reclaims by itself when it has too many dead bytes`() throws {
    var options = Self.options
    options.reclaims = true
    let store = CoreHarness(options: options)
    for round in 0..<20 {
      let keys = try fill(store, (round * 60)..<(round * 60 + 60))
      _ = try thinOut(keys, keeping: 6, in: store)
    }
    let usage = try usage(store)
    #expect(usage.emptiedSegmentCount > 10, "\(usage)")
    #expect(usage.deadShare <= 0.35, "\(usage)")
    #expect(store.engine.audit().isEmpty)
  }

  @Test func `a tombstone stays as long as an older record of its key is anywhere`() throws {
    let store = CoreHarness(options: Self.options)
    let other = try fill(store, 0..<1)[0]
    let kept = try fill(store, 1..<40)
    // The tombstone of the first blob comes to lie in a segment that is emptied, while the blob's
    // own segment is nearly all alive and stays.
    let later = try fill(store, 100..<140)
    #expect(try store.delete(other))
    _ = try fill(store, 200..<240)
    for key in later { #expect(try store.delete(key)) }
    let counters = try compact(store)
    #expect(counters.keptTombstoneCount > 0, "\(counters)")
    let harness = Self.rebuilt(store)
    #expect(try harness.get(other) == nil, "a deleted blob came back")
    for (number, key) in kept.enumerated() {
      #expect(try harness.get(key) == noise(6_000, seed: UInt64(number + 1)))
    }
  }

  @Test func `a tombstone goes when nothing is left for it to bury`() throws {
    let store = CoreHarness(options: Self.options)
    let keys = try fill(store, 0..<200)
    for key in keys { #expect(try store.delete(key)) }
    _ = try fill(store, 1_000..<1_080)
    var dropped: UInt64 = 0
    for _ in 0..<4 { dropped += try compact(store).droppedTombstoneCount }
    #expect(dropped > 150, "\(dropped) of 200")
    let harness = Self.rebuilt(store)
    for key in keys { #expect(try harness.get(key) == nil) }
    #expect(harness.engine.blobCount == 80)
  }

  @Test func `a tombstone stays until the header of what it buries is gone from the disk`() throws {
    var options = Self.options
    options.reclaims = true
    let store = CoreHarness(options: options)
    let old = try fill(store, 0..<40)
    _ = try fill(store, 100..<140)
    let slot = try #require(store.engine.index.candidate(for: store.engine.indexKey(old[0]))?.slot)
    // The slot of the first blobs is dead, and the write that takes its header away is under way.
    store.holds = { operation in
      if case .write(.slot(slot), 0, _, _, _, _) = operation { true } else { false }
    }
    for key in old { #expect(try store.delete(key)) }
    try store.request(.checkpoint)
    // Meanwhile the segment of the tombstones is emptied, and its slot used again.
    let later = try fill(store, 200..<240)
    for key in later { #expect(try store.delete(key)) }
    _ = try fill(store, 300..<400)
    for _ in 0..<3 { try store.request(.checkpoint) }
    #expect(store.engine.reclaimCounters.freedSegmentCount > 0)
    let harness = Self.rebuilt(store)
    for key in old { #expect(try harness.get(key) == nil, "a deleted blob came back") }
  }

  @Test func `a compaction is answered when a slot cannot be given back`() throws {
    let store = CoreHarness(options: Self.options)
    let keys = try fill(store, 0..<40)
    _ = try fill(store, 40..<80)
    for key in keys { #expect(try store.delete(key)) }
    store.disk.fault = { operation in
      guard case .write(_, 0, 2 * 4096, _, _, _) = operation else { return nil }
      return .system(operation: "write", code: 5)
    }
    _ = try compact(store)
    #expect(store.logged.contains { $0.message.contains("cannot be used again") })
  }

  /// As it is, opened again, and opened again without its index; one after the other.
  private static var ways: [(CoreHarness) throws -> CoreHarness] {
    [{ $0 }, { $0.reopened(options: options) }, { rebuilt($0) }]
  }

  /// Opens what is on the disk with all checkpoints lost, so that the log alone counts.
  private static func rebuilt(_ store: CoreHarness) -> CoreHarness {
    for file in store.disk.files.keys {
      if case .checkpoint = file { store.disk.files[file] = nil }
    }
    return store.reopened(options: options)
  }

  @Test func `the pieces of large blobs move, and their lists say where they are`() throws {
    let store = CoreHarness(options: Self.options)
    var kept: [(SHA256Digest, UInt64)] = []
    for number in 0..<24 {
      let key = try store.upload(noise(100_000, seed: UInt64(number))).key
      if number % 4 == 0 { kept.append((key, UInt64(number))) } else { _ = try store.delete(key) }
    }
    let counters = try compact(store)
    #expect(counters.movedRecordCount >= 12, "\(counters)")
    #expect(try usage(store).usedSegmentCount <= 8)
    for open in Self.ways {
      let harness = try open(store)
      for (key, seed) in kept { #expect(try harness.get(key) == noise(100_000, seed: seed)) }
      #expect(harness.engine.audit().isEmpty)
    }
  }

  @Test func `a damaged blob stays where it is, is named, and holds nothing else up`() throws {
    let store = CoreHarness(options: Self.options)
    let keys = try fill(store, 0..<30)
    let place = try #require(store.lastBatch)
    _ = try fill(store, 30..<120)
    for key in keys[..<29] where key != keys[3] { #expect(try store.delete(key)) }
    store.disk.files[.slot(place.slot)]?[place.offset + 3_000] ^= 1
    let counters = try compact(store)
    #expect(counters.damagedRecordCount == 1, "\(counters)")
    #expect(try store.get(keys[3]) == noise(6_000, seed: 3))
    #expect(throws: EngineError.self) { try store.get(keys[29]) }
    #expect(try store.put(noise(6_000, seed: 29)).wasNew)
    #expect(try store.get(keys[29]) == noise(6_000, seed: 29))
    #expect(store.engine.audit().isEmpty)
  }

  @Test func `a delete while its blob is copied is not undone`() throws {
    let store = CoreHarness(options: Self.options)
    let kept = try thinOut(try fill(store, 0..<90), keeping: 3, in: store)
    store.isHolding = true
    let compaction = store.ask(.compact)
    store.run()
    let deletes = kept.map { store.ask(.delete($0.1)) }
    store.run()
    store.release()
    for delete in deletes {
      guard case .success(.deleted(true)) = store.answer(to: delete) else {
        Issue.record("a delete failed")
        continue
      }
    }
    #expect(store.answer(to: compaction) != nil)
    for open in Self.ways {
      let harness = try open(store)
      for (_, key) in kept { #expect(try harness.get(key) == nil) }
    }
  }

  @Test func `a slot in which somebody reads is not used again`() throws {
    let store = CoreHarness(options: Self.options)
    let bytes = noise(200_000)
    let key = try store.upload(bytes).key
    _ = try store.upload(noise(300_000, seed: 8))
    guard case .piece(let first) = try store.request(.read(key, range: nil)) else {
      throw CoreHarness.Unexpected()
    }
    #expect(try store.delete(key))
    _ = try compact(store)
    for number in 0..<10 { _ = try store.upload(noise(200_000, seed: UInt64(50 + number))) }
    var read = try first.decoded()
    var reader = first.reader
    while let id = reader {
      guard case .piece(let piece) = try store.request(.readOn(id)) else {
        throw CoreHarness.Unexpected()
      }
      read += try piece.decoded()
      reader = piece.reader
    }
    #expect(read == bytes)
  }

  @Test func `a compaction that a close interrupts is answered`() throws {
    let store = CoreHarness(options: Self.options)
    _ = try thinOut(try fill(store, 0..<90), keeping: 3, in: store)
    store.isHolding = true
    let compaction = store.ask(.compact)
    store.run()
    let close = store.ask(.close)
    store.run()
    store.release()
    guard case .failure = store.answer(to: compaction) else {
      Issue.record("it was not refused")
      return
    }
    guard case .success(.closed) = store.answer(to: close) else {
      Issue.record("the close was not answered")
      return
    }
  }
}

@Suite("Collection")
struct CollectionTests {
  private static let hour: UInt64 = 3_600_000

  private func store(_ disk: MemoryDisk = MemoryDisk(), reclaims: Bool = true) -> CoreHarness {
    var options = StoreOptions(segmentByteCount: 256 << 10, recentByteLimit: 0)
    options.reclaims = reclaims
    return CoreHarness(disk, options: options)
  }

  private func token(_ store: CoreHarness) throws -> CollectionToken {
    guard case .token(let token) = try store.request(.token) else { throw CoreHarness.Unexpected() }
    return token
  }

  private func collect(
    _ key: SHA256Digest,
    _ token: CollectionToken,
    _ store: CoreHarness
  ) throws -> Collection {
    guard case .collected(let result) = try store.request(.collect(key, token)) else {
      throw CoreHarness.Unexpected()
    }
    return result
  }

  private func pass(_ hours: UInt64, in store: CoreHarness, from start: UInt64) {
    for hour in 0...hours {
      store.engine.receive(.tick(unixMilliseconds: start + hour * Self.hour))
      store.run()
    }
  }

  @Test func `a blob is collected once it is older than the grace, and no sooner`() throws {
    let store = store()
    let key = try store.put(noise(100)).key
    #expect(try collect(key, token(store), store) == .kept)
    pass(12, in: store, from: 1_000_000)
    #expect(try collect(key, token(store), store) == .kept)
    pass(30, in: store, from: 1_000_000 + 12 * Self.hour)
    let mark = try token(store)
    #expect(try collect(key, mark, store) == .deleted)
    #expect(try collect(key, mark, store) == .absent)
    #expect(try store.get(key) == nil)
  }

  @Test func `a collection that takes longer than the grace misses no put`() throws {
    let store = store()
    let keys = try (0..<3).map { try store.put(noise(100, seed: UInt64($0))).key }
    pass(60, in: store, from: 1_000_000)
    let mark = try token(store)
    #expect(try store.put(noise(100, seed: 0)).wasNew == false)
    // Two graces later the touch is forgotten, and so must be the mark.
    pass(60, in: store, from: 1_000_000 + 60 * Self.hour)
    #expect(try collect(keys[0], mark, store) == .kept)
    #expect(try collect(keys[1], mark, store) == .kept)
    #expect(try collect(keys[1], token(store), store) == .deleted)
    #expect(try collect(keys[0], token(store), store) == .deleted)
  }

  @Test func `a touch does not die with the segment that it is in`() throws {
    let first = store(reclaims: false)
    let key = try first.put(noise(100)).key
    for number in 0..<40 { _ = try first.put(noise(6_000, seed: UInt64(400 + number))) }
    pass(30, in: first, from: 1_000_000)
    // The touch comes to lie among blobs that are deleted, so that nothing in its slot is alive.
    let others = try (0..<90).map { number in
      if number == 45 { #expect(try first.put(noise(100)).wasNew == false) }
      return try first.put(noise(6_000, seed: UInt64(50 + number))).key
    }
    for number in 0..<50 { _ = try first.put(noise(6_000, seed: UInt64(200 + number))) }
    for other in others { #expect(try first.delete(other)) }
    for _ in 0..<3 { try first.request(.checkpoint) }
    try first.close()
    let second = store(first.disk)
    pass(1, in: second, from: 1_000_000 + 31 * Self.hour)
    #expect(try collect(key, token(second), second) == .kept, "touched within the grace")
    pass(60, in: second, from: 1_000_000 + 31 * Self.hour)
    #expect(try collect(key, token(second), second) == .deleted)
  }

  @Test func `a put that finds the blob keeps it, also over a restart`() throws {
    let first = store()
    let key = try first.put(noise(100)).key
    let other = try first.put(noise(100, seed: 9)).key
    pass(30, in: first, from: 1_000_000)
    try first.request(.checkpoint)
    pass(30, in: first, from: 1_000_000 + 30 * Self.hour)
    let mark = try token(first)
    #expect(try first.put(noise(100)).wasNew == false)
    #expect(try collect(key, mark, first) == .kept)
    try first.close()
    let second = store(first.disk)
    pass(1, in: second, from: 1_000_000 + 60 * Self.hour)
    #expect(try collect(key, mark, second) == .kept, "a mark of an earlier open")
    #expect(try collect(key, token(second), second) == .kept, "touched within the grace")
    #expect(try collect(other, token(second), second) == .deleted)
  }
}
