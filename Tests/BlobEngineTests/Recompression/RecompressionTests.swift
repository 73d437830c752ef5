import Bytes
import Codec
import Disk
import Simulation
import Testing

@testable import BlobEngine

@Suite("Recompression of what reclaim copies")
struct RecompressionTests {
  static let options = StoreOptions(
    segmentByteCount: 256 << 10,
    capacityByteCount: 16 << 20,
    recentByteLimit: 0,
    checkpointByteInterval: 1 << 30,
    reclaims: false
  )

  /// Bytes that level 9 makes some 5 % smaller than level 3.
  private func prose(_ byteCount: Int, _ variant: Int = 0) -> [UInt8] {
    BlobRecipe(byteCount: byteCount, variant: variant, texture: .prose).makeBytes()
  }

  /// A store with small and large blobs of prose, and some noise between, in sealed segments.
  private func filled(
    _ options: StoreOptions = options,
    _ breakages: Breakages = []
  ) throws -> (CoreHarness, [[UInt8]]) {
    let store = CoreHarness(options: options, breakages: breakages)
    let blobs = (0..<30).flatMap { [prose(20_000, $0), prose(6_000, 100 + $0)] }
    let large = (0..<10).map { prose(150_000, 200 + $0) }
    for (number, blob) in blobs.enumerated() {
      for bytes in [blob, noise(10_000, seed: UInt64(number))] {
        _ = store.ask(.put(try store.preparer.blob(bytes), .flushed))
      }
      // Ten at a time share a batch, so that hardly a byte is padding.
      if number % 5 == 4 { store.run() }
    }
    for blob in large { try store.upload(blob) }
    return (store, blobs + large)
  }

  /// Bytes that level 9 makes no smaller than level 3.
  private func dullProse(_ number: Int) -> [UInt8] {
    noise(4_000, seed: UInt64(number)).flatMap { (byte: UInt8) -> [UInt8] in
      [97 + (byte & 15), 97 + (byte >> 4), 32]
    }
  }

  private func key(_ bytes: [UInt8]) -> SHA256Digest { SHA256Stream.digest(of: bytes.span) }

  private func stat(_ bytes: [UInt8], in store: CoreHarness) throws -> BlobInfo {
    guard case .description(let info, _) = try store.request(.stat(key(bytes))) else {
      throw CoreHarness.Unexpected()
    }
    return info
  }

  private func storedByteCount(_ blobs: [[UInt8]], in store: CoreHarness) throws -> UInt64 {
    try blobs.reduce(0) { $0 + (try stat($1, in: store).storedByteCount) }
  }

  @discardableResult
  private func recompress(_ store: CoreHarness) throws -> ReclaimCounters {
    guard case .compacted(let counters) = try store.request(.recompress) else {
      throw CoreHarness.Unexpected()
    }
    return counters
  }

  private func expectWhole(_ blobs: [[UInt8]], in store: CoreHarness) throws {
    for blob in blobs {
      #expect(try store.get(key(blob)) == blob)
      let middle = blob.count / 3..<blob.count / 2
      let part = try store.get(key(blob), UInt64(middle.lowerBound)..<UInt64(middle.upperBound))
      #expect(part == Array(blob[middle]))
    }
    #expect(store.engine.audit().isEmpty)
    let scrub = try store.scrub()
    #expect(scrub.damaged.isEmpty && scrub.other.isEmpty)
  }

  @Test func `what is copied becomes smaller, and is the same, also in a rebuilt index`() throws {
    let (store, blobs) = try filled()
    let before = try storedByteCount(blobs, in: store)
    let counters = try recompress(store)
    let after = try storedByteCount(blobs, in: store)
    #expect(counters.recompressedRecordCount > 50, "\(counters)")
    #expect(after + counters.recompressionSavedByteCount <= before + 3_000)
    #expect(Double(after) < 0.97 * Double(before), "\(before) bytes became \(after)")
    try expectWhole(blobs, in: store)
    try expectWhole(blobs, in: store.reopened(options: Self.options))
    for file in store.disk.files.keys {
      if case .checkpoint = file { store.disk.files[file] = nil }
    }
    try expectWhole(blobs, in: store.reopened(options: Self.options))
  }

  @Test func `what a small store has in its open segments is compressed again too`() throws {
    let store = CoreHarness(options: Self.options)
    let blobs = [prose(20_000), prose(100_000, 1)]
    try store.put(blobs[0])
    try store.upload(blobs[1])
    #expect(try recompress(store).recompressedRecordCount >= 2)
    try expectWhole(blobs, in: store)
    try store.put([1])
    try expectWhole(blobs, in: store.reopened(options: Self.options))
  }

  @Test func `reclaim compresses what it copies by itself, and only that`() throws {
    let (store, blobs) = try filled()
    guard case .compacted(let idle) = try store.request(.compact) else {
      throw CoreHarness.Unexpected()
    }
    #expect(idle.movedRecordCount == 0 && store.recompressionCount == 0)
    let gone = blobs[..<60].enumerated().filter { $0.offset % 3 != 0 }
    for (_, blob) in gone { #expect(try store.delete(key(blob))) }
    guard case .compacted(let counters) = try store.request(.compact) else {
      throw CoreHarness.Unexpected()
    }
    #expect(counters.recompressedRecordCount > 5, "\(counters)")
    let kept = blobs[..<60].enumerated().filter { $0.offset % 3 == 0 }.map(\.element)
    try expectWhole(kept + blobs[60...], in: store)
  }

  @Test func `what was tried is not tried again, whatever came of it`() throws {
    let store = CoreHarness(options: Self.options)
    // Hundreds of words that are all as common: a higher level finds nothing in them.
    let dull: [[UInt8]] = (0..<200).map { dullProse($0) }
    for blob in dull { _ = store.ask(.put(try store.preparer.blob(blob), .flushed)) }
    store.run()
    let first = try recompress(store)
    #expect(store.recompressionCount > 0 && first.recompressedRecordCount == 0, "\(first)")
    // What the first pass left in the open segment is tried with the second.
    for (number, blob) in dull.enumerated() where number % 2 == 0 {
      #expect(try store.delete(key(blob)))
    }
    try recompress(store)
    let count = store.recompressionCount
    for (number, blob) in dull.enumerated() where number % 4 == 1 {
      #expect(try store.delete(key(blob)))
    }
    let last = try recompress(store)
    #expect(first.movedRecordCount > 100 && last.movedRecordCount > 10, "\(first) \(last)")
    #expect(store.recompressionCount == count, "a second try of what was tried")
    try expectWhole(dull.enumerated().filter { $0.offset % 4 == 3 }.map { $0.element }, in: store)
  }

  @Test func `a compressor that makes other bytes changes nothing`() throws {
    let (store, blobs) = try filled()
    store.alterRecompressed = { $0[$0.count / 2] ^= 1 }
    let before = try storedByteCount(blobs, in: store)
    let counters = try recompress(store)
    #expect(store.recompressionCount > 0 && counters.recompressedRecordCount == 0)
    #expect(store.logged.contains { $0.level == .alarm && $0.message.contains("stays as it is") })
    #expect(try storedByteCount(blobs, in: store) >= before)
    try expectWhole(blobs, in: store)
  }

  @Test func `the breakage takes just that away`() throws {
    let (store, blobs) = try filled(Self.options, .recompressionNotVerified)
    store.alterRecompressed = { $0[$0.count / 2] ^= 1 }
    try recompress(store)
    #expect(try blobs.contains { try store.get(key($0)) != $0 })
  }

  @Test func `a copy that the disk did not keep does not take the blob's place`() throws {
    let (store, blobs) = try filled()
    let before = Set(store.disk.writes)
    // Whatever is read of the copies is not what was written there.
    store.disk.fault = { [unowned store] operation in
      guard case .read(.slot(let slot), let offset, let byteCount, _, _, _) = operation else {
        return nil
      }
      let isOfCopies = store.disk.writes.contains { place in
        place.slot == slot && !before.contains(place) && place.offset >= 4096
          && place.offset < Int(offset) + byteCount
          && Int(offset) < place.offset + place.byteCount
      }
      return isOfCopies ? .system(operation: "read", code: 5) : nil
    }
    let counters = try recompress(store)
    store.disk.fault = nil
    #expect(store.recompressionCount > 0 && counters.recompressedRecordCount == 0, "\(counters)")
    #expect(store.logged.contains { $0.message.contains("cannot be read back") })
    try expectWhole(blobs, in: store)
  }

  @Test func `who deletes a blob while it is compressed has deleted it`() throws {
    let (store, blobs) = try filled()
    // The deletes arrive while the disk reads copies back: between compression and switch.
    store.holds = { operation in
      if case .read(_, _, _, _, _, .direct) = operation { true } else { false }
    }
    let id = store.ask(.recompress)
    store.run()
    for blob in blobs { _ = store.ask(.delete(key(blob))) }
    store.release()
    store.run()
    #expect(store.answer(to: id) != nil)
    for blob in blobs { #expect(try store.get(key(blob)) == nil) }
    let again = store.reopened(options: Self.options)
    for blob in blobs { #expect(try again.get(key(blob)) == nil) }
    #expect(again.engine.audit().isEmpty)
  }

  @Test func `nothing is compressed again where that is not wanted`() throws {
    var options = Self.options
    options.recompresses = false
    let (store, blobs) = try filled(options)
    try recompress(store)
    #expect(store.recompressionCount == 0)
    try expectWhole(blobs, in: store)
  }

  @Test func `digests of a blob go along`() throws {
    let store = CoreHarness(options: Self.options)
    let bytes = prose(20_000)
    let digests = BlobDigests([
      BlobDigest(algorithm: .sha1, bytes: [UInt8](repeating: 7, count: 20))
    ])
    let blob = try store.preparer.blob(bytes)
    try store.request(
      .put(blob.with(store.preparer.digests(digests, of: blob.key)), .flushed)
    )
    for number in 0..<40 { try store.put(noise(10_000, seed: UInt64(number))) }
    #expect(try recompress(store).recompressedRecordCount == 1)
    guard case .description(_, let kept) = try store.request(.stat(blob.key)) else {
      throw CoreHarness.Unexpected()
    }
    #expect(kept.plain == digests)
    try expectWhole([bytes], in: store)
  }
}
