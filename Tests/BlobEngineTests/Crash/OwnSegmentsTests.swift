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

  @Test func `what an upload wrote makes no segment of uploads of the one with its copy`() throws {
    var house = try House()
    let old = try house.put(noise(5_000, seed: 78))
    let extent = try house.beginUpload()
    // Its sequence is between those of the batches around the copy.
    let (key, batch) = try house.putPages(of: extent.slot, from: extent.offset)
    try house.put(noise(5_000, seed: 79))
    #expect(house.store.place(of: old)?.slot == batch.slot)
    house.store.disk.corrupt(.slot(batch.slot), at: batch.offset + BatchHead.byteCount + 30)
    house.lose(.checkpoint)
    house.blobs[key] = nil
    let again = house.reopened()
    #expect(again.engine.slots[batch.slot].segment?.damagedRanges.isEmpty == false)
    // The tombstone comes to lie in a segment that is emptied; what it buries stays where it is.
    #expect(try again.delete(old))
    house.blobs[old] = nil
    let later = try (100..<200).map { try again.put(noise(12_000, seed: UInt64($0))).key }
    for key in later { #expect(try again.delete(key)) }
    guard case .compacted(let counters) = try again.request(.compact) else { return }
    #expect(counters.freedSegmentCount > 0)
    house.lose(.checkpoint)
    let rebuilt = again.reopened(options: House.options)
    #expect(try rebuilt.get(old) == nil, "a deleted blob came back")
    #expect(try rebuilt.keys() == Set(house.blobs.keys))
  }

  @Test func `what has left the log for good does not come back out of a copy`() throws {
    var house = try House()
    let gone = try house.put(noise(5_000, seed: 80))
    let place = try #require(house.store.place(of: gone))
    let pages = try house.pages(of: place.slot, from: Int(place.offset) - BatchHead.byteCount)
    try house.deleteAll()
    for seed in 0..<160 { try house.put(noise(12_000, seed: UInt64(3_000 + seed))) }
    // Once nothing is left for it to bury, its tombstone goes too.
    for _ in 0..<4 { try house.store.request(.compact) }
    let (key, batch) = try house.put(pages)
    try house.put(noise(5_000, seed: 81))
    house.store.disk.corrupt(.slot(batch.slot), at: batch.offset + BatchHead.byteCount + 30)
    house.lose(.checkpoint)
    house.blobs[key] = nil
    let again = house.reopened()
    #expect(try again.get(gone) == nil, "a deleted blob came back")
    #expect(try again.keys() == Set(house.blobs.keys))
  }
}

extension CoreHarness {
  /// Where the index leads to for a key.
  fileprivate func place(of key: SHA256Digest) -> IndexPlace? {
    engine.index.candidate(for: engine.indexKey(key))
  }
}

/// A store with a sealed segment, a growing one and one of extents, what was put there, and what
/// was deleted again.
private struct House {
  let store: CoreHarness
  var blobs: [SHA256Digest: [UInt8]] = [:]

  static var options: StoreOptions {
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

  mutating func deleteAll() throws {
    for key in blobs.keys.sorted() { #expect(try store.delete(key)) }
    blobs = [:]
  }

  /// The slot that small blobs go to.
  var growing: UInt32 { store.engine.lanes[.ingest].active ?? 0 }

  @discardableResult
  mutating func put(_ bytes: [UInt8]) throws -> SHA256Digest {
    let key = try store.put(bytes).key
    blobs[key] = bytes
    return key
  }

  /// Begins an upload that is never finished; returns the batch with its first piece.
  func beginUpload() throws -> MemoryDisk.Place {
    let upload = try store.beginUpload()
    try store.request(.append(upload, store.preparer.extent(noise(100_000, seed: 2_000))))
    let slot = try #require(store.engine.lanes[.large].active)
    return try #require(store.disk.writes.last { $0.slot == slot })
  }

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

  mutating func putPages(
    of slot: UInt32,
    from start: Int
  ) throws -> (SHA256Digest, MemoryDisk.Place) {
    try put(pages(of: slot, from: start))
  }

  /// 26 pages of a slot.
  func pages(of slot: UInt32, from start: Int) throws -> ArraySlice<UInt8> {
    let file = try #require(store.disk.files[.slot(slot)])
    let size = 26 * StoreFormat.pageByteCount
    let from = min(start, file.count - size)
    return file[from..<(from + size)]
  }

  /// Puts pages so that they lie on pages; returns the batch.
  mutating func put(_ pages: ArraySlice<UInt8>) throws -> (SHA256Digest, MemoryDisk.Place) {
    // In front of the payload of a batch's only record stand both heads, and the extension.
    let head =
      BatchHead.byteCount + RecordHead.byteCount
      + (try store.preparer.blob(noise(pages.count)).stored.tail.count)
    // Another one each time: slots that hold nothing yet are equal, and equal bytes are put once.
    let filler = noise(StoreFormat.pageByteCount - head, seed: UInt64(10_000 + blobs.count))
    let bytes = filler + pages
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
