import Bytes
import Codec
import Disk
import Testing

@testable import BlobEngine

/// `engine.md` 10 and 17.8: somebody puts the store's own files into the store, byte for byte.
///
/// What they hold is valid: heads, digests under the store's secret, markers, footers, trailers. It
/// lies where a walk looks, on pages and on 64 bytes. Only what a record is bound to tells it from
/// the log itself: the segment and the place in it, and the order of the sequences.
@Suite("Blobs that are copies of the store's own segments")
struct OwnSegmentsTests {
  /// What is lost beside the memory of the process.
  enum Loss: CaseIterable {
    case nothing, checkpoint, footers, headers, superblocks, all
  }

  // MARK: Losses

  @Test(arguments: Loss.allCases)
  func `whatever is lost, the rebuild finds what was put and nothing of what that holds`(
    _ loss: Loss
  ) throws {
    var house = try House()
    try house.store.request(.checkpoint)
    try house.putCopies()
    house.lose(loss)
    try house.expectAll()
  }

  @Test(arguments: [30, 64 + 30, 4_200, 90_000], [false, true])
  func `a torn copy at the end is gone, and so is all that it holds`(
    _ place: Int,
    _ isAll: Bool
  ) throws {
    var house = try House()
    try house.putCopies()
    let (key, batch) = try house.putShifted(house.growing)
    house.store.disk.corrupt(.slot(batch.slot), at: batch.offset + place)
    if isAll { house.lose(.checkpoint) }
    house.blobs[key] = nil
    try house.expectAll()
  }

  @Test(arguments: [30, 64 + 30, 4_200, 90_000])
  func `a damaged copy in the middle costs itself and no other`(_ place: Int) throws {
    var house = try House()
    // The sequences of these extents are between those of the batches around the copy.
    try house.upload(number: 9)
    let large = try #require(house.store.engine.lanes[.large].active)
    let (key, batch) = try house.putShifted(large)
    try house.put(noise(5_000, seed: 77))
    house.store.disk.corrupt(.slot(batch.slot), at: batch.offset + place)
    house.lose(.checkpoint)
    let bytes = house.blobs.removeValue(forKey: key)
    let again = house.reopened()
    for (key, bytes) in house.blobs { #expect(try again.get(key) == bytes) }
    #expect(try again.keys().subtracting([key]) == Set(house.blobs.keys))
    // Damaged, gone, or whole where the batch's head alone is damaged; never other bytes.
    if let found = try? again.get(key) { #expect(found == bytes) }
    again.engine.checkInvariants()
  }
}

/// A store with a sealed segment, a growing one and one of extents, what was put there, and what
/// was deleted again.
private struct House {
  let store: CoreHarness
  var blobs: [SHA256Digest: [UInt8]] = [:]

  private static var options: StoreOptions {
    StoreOptions(
      segmentByteCount: 1 << 20,
      capacityByteCount: 32 << 20,
      recentByteLimit: 0,
      checkpointByteInterval: 1 << 30,
      compresses: false
    )
  }

  init() throws {
    store = CoreHarness(options: Self.options)
    for seed in 0..<90 { try put(noise(12_000 + seed * 100, seed: UInt64(seed))) }
    for number in 0..<2 { try upload(number: number) }
    // What was deleted is what must not come back out of a copy.
    for key in blobs.keys.sorted().prefix(20) {
      #expect(try store.delete(key))
      blobs[key] = nil
    }
  }

  /// The slot that small blobs go to.
  var growing: UInt32 { store.engine.lanes[.ingest].active ?? 0 }

  mutating func put(_ bytes: [UInt8]) throws { blobs[try store.put(bytes).key] = bytes }

  mutating func upload(number: Int) throws {
    let bytes = noise(400_000, seed: UInt64(1_000 + number))
    blobs[try store.upload(bytes).key] = bytes
  }

  // MARK: Copies

  /// Puts every slot's bytes, on pages but elsewhere, and at the very places where they stand.
  mutating func putCopies() throws {
    let slots = store.disk.files.keys.compactMap { file in
      if case .slot(let slot) = file { slot } else { nil }
    }
    for slot in slots.sorted() {
      _ = try putShifted(slot)
      try putInPlace(slot)
      let whole = store.disk.files[.slot(slot)] ?? []
      blobs[try store.upload(whole).key] = whole
    }
  }

  /// Puts the first pages of a slot, so that they lie on pages; returns the batch.
  mutating func putShifted(_ slot: UInt32) throws -> (SHA256Digest, MemoryDisk.Place) {
    try putPages(of: slot, from: 0)
  }

  /// Puts pages of a slot where they have in the growing segment the offset that they have there.
  private mutating func putInPlace(_ slot: UInt32) throws {
    let last = try #require(store.lastBatch)
    let next = last.offset + last.byteCount + StoreFormat.pageByteCount
    _ = try putPages(of: slot, from: next)
  }

  private mutating func putPages(
    of slot: UInt32,
    from start: Int
  ) throws -> (SHA256Digest, MemoryDisk.Place) {
    let file = try #require(store.disk.files[.slot(slot)])
    let size = 26 * StoreFormat.pageByteCount
    let from = min(start, file.count - size)
    // In front of the payload of a batch's only record stand both heads, and the extension.
    let head =
      BatchHead.byteCount + RecordHead.byteCount
      + (try store.preparer.blob(noise(size)).stored.tail.count)
    let filler = noise(StoreFormat.pageByteCount - head, seed: UInt64(from))
    let bytes = filler + file[from..<(from + size)]
    let key = try store.put(bytes).key
    blobs[key] = bytes
    let batch = try #require(store.lastBatch)
    let payload = batch.offset + head
    let disk = try #require(store.disk.files[.slot(batch.slot)])
    #expect(Array(disk[payload..<(payload + bytes.count)]) == bytes, "the copy is where it says")
    #expect((payload + filler.count) % StoreFormat.pageByteCount == 0, "and on a page")
    return (key, batch)
  }

  // MARK: Losses

  func lose(_ loss: OwnSegmentsTests.Loss) {
    let disk = store.disk
    if [.checkpoint, .all].contains(loss) {
      for case .checkpoint(let partition, let second) in disk.files.keys {
        disk.files[.checkpoint(partition: partition, second: second)] = nil
      }
    }
    for case .slot(let slot) in disk.files.keys {
      if [.footers, .all].contains(loss) { disk.corrupt(.slot(slot), at: (1 << 20) - 1) }
      if [.headers, .all].contains(loss) { disk.corrupt(.slot(slot), at: 100) }
    }
    if [.superblocks, .all].contains(loss) {
      for copy in [1, 3] { disk.corrupt(.superblock, at: copy * 4096 + 50) }
    }
  }

  func reopened() -> CoreHarness { store.reopened(options: Self.options) }

  /// The store has exactly the blobs, also after the rebuild was written down.
  func expectAll() throws {
    let again = reopened()
    try expectAll(of: again)
    #expect(try again.scrub().damaged.isEmpty)
    try again.request(.checkpoint)
    try expectAll(of: again.reopened(options: Self.options))
  }

  private func expectAll(of store: CoreHarness) throws {
    #expect(store.openFailure == nil)
    for (key, bytes) in blobs { #expect(try store.get(key) == bytes) }
    #expect(try store.keys() == Set(blobs.keys))
  }
}
