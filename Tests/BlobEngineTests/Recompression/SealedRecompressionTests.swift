import Bytes
import Codec
import Disk
import Simulation
import Testing

@testable import BlobEngine

@Suite("Recompression of what is encrypted")
struct SealedRecompressionTests {
  private static let options = RecompressionTests.options

  /// Bytes that level 9 makes some 5 % smaller than level 3.
  private func prose(_ byteCount: Int, _ variant: Int = 0) -> [UInt8] {
    BlobRecipe(byteCount: byteCount, variant: variant, texture: .prose).makeBytes()
  }

  /// A store with small and large blobs of prose in the scopes of some keys, all the same ones.
  private func filled(
    _ keys: [DataKey],
    _ breakages: Breakages = []
  ) throws -> (CoreHarness, [[UInt8]]) {
    let store = CoreHarness(options: Self.options, breakages: breakages)
    let blobs =
      (0..<20).flatMap { [prose(20_000, $0), prose(6_000, 100 + $0)] }
      + (0..<5).map { prose(150_000, 200 + $0) }
    for blob in blobs { for key in keys { try store.put(blob, in: key) } }
    return (store, blobs)
  }

  @discardableResult
  private func recompress(_ store: CoreHarness) throws -> ReclaimCounters {
    guard case .compacted(let counters) = try store.request(.recompress) else {
      throw CoreHarness.Unexpected()
    }
    return counters
  }

  private func pieces(
    _ blobs: [[UInt8]],
    in key: DataKey,
    _ store: CoreHarness
  ) throws -> [StoredPiece] {
    let sealer = try store.sealer(key)
    return try blobs.flatMap { blob in
      try store.pieces(of: sealer.name(of: SHA256Stream.digest(of: blob.span))) ?? []
    }
  }

  private func expectWhole(
    _ blobs: [[UInt8]],
    in key: DataKey,
    _ store: CoreHarness
  ) throws {
    for blob in blobs {
      #expect(try store.get(blob, in: key) == blob)
      let middle = blob.count / 3..<blob.count / 2
      let part = try store.get(
        blob,
        in: key,
        UInt64(middle.lowerBound)..<UInt64(middle.upperBound)
      )
      #expect(part == Array(blob[middle]))
    }
    #expect(store.engine.audit().isEmpty)
    let scrub = try store.scrub()
    #expect(scrub.damaged.isEmpty && scrub.other.isEmpty)
  }

  @Test func `what is copied becomes smaller under a seal of its own`() throws {
    let key = try DataKey.sample(1)
    let (store, blobs) = try filled([key])
    store.keyRing.add(key)
    let before = try pieces(blobs, in: key, store)
    let counters = try recompress(store)
    let after = try pieces(blobs, in: key, store)
    #expect(counters.recompressedRecordCount > 40, "\(counters)")
    let sizes = [before, after].map { $0.reduce(0) { $0 + ($1.sealed?.range.count ?? 0) } }
    #expect(Double(sizes[1]) < 0.97 * Double(sizes[0]), "\(sizes[0]) bytes became \(sizes[1])")
    // No salt, and so no nonce under its key, is used for two payloads.
    let changed = zip(before, after).filter { $0.sealed?.subject != $1.sealed?.subject }
    #expect(changed.count == Int(counters.recompressedRecordCount))
    let salts = Set((before + changed.map(\.1)).map { $0.sealed?.seal.salt })
    #expect(salts.count == before.count + changed.count && !salts.contains(nil))
    try expectWhole(blobs, in: key, store)
    try expectWhole(blobs, in: key, store.reopened(options: Self.options))
    for file in store.disk.files.keys {
      if case .checkpoint = file { store.disk.files[file] = nil }
    }
    try expectWhole(blobs, in: key, store.reopened(options: Self.options))
  }

  @Test func `each scope is compressed with its own key, and as long as that is known`() throws {
    let keys = try (1...3).map { try DataKey.sample($0) }
    let (store, blobs) = try filled(keys)
    keys.prefix(2).forEach(store.keyRing.add)
    keys[1].forget()
    let before = try pieces(blobs, in: .sample(2), store)
    let stranger = try pieces(blobs, in: keys[2], store)
    let counters = try recompress(store)
    #expect((40...70).contains(counters.recompressedRecordCount), "\(counters)")
    for (old, number) in [(before, UInt8(2)), (stranger, 3)] {
      let now = try pieces(blobs, in: .sample(number), store)
      #expect(now.map(\.sealed?.seal) == old.map(\.sealed?.seal), "copied as it was")
    }
    for number in 1...3 { try expectWhole(blobs, in: .sample(UInt8(number)), store) }
  }

  @Test func `a key that nobody uses any more is not kept for the work`() throws {
    let (store, blobs) = try filled([DataKey.sample(1)])
    let id = try DataKey.sample(1).id
    do {
      let key = try DataKey.sample(1)
      store.keyRing.add(key)
      #expect(store.keyRing.key(id) === key)
    }
    #expect(store.keyRing.key(id) == nil)
    #expect(try recompress(store).recompressedRecordCount == 0)
    #expect(store.recompressionCount > 0)
    // What nobody could look at was not tried, so the next copy of it is.
    let key = try DataKey.sample(1)
    store.keyRing.add(key)
    for (number, blob) in blobs.enumerated() where number % 2 == 0 {
      let name = try store.sealer(key).name(of: SHA256Stream.digest(of: blob.span))
      #expect(try store.delete(name))
    }
    #expect(try recompress(store).recompressedRecordCount > 10)
    let left = blobs.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    try expectWhole(left, in: key, store)
  }

  @Test func `a compressor that makes other bytes changes nothing in a scope`() throws {
    let key = try DataKey.sample(1)
    let (store, blobs) = try filled([key])
    store.keyRing.add(key)
    store.alterRecompressed = { $0[$0.count / 2] ^= 1 }
    #expect(try recompress(store).recompressedRecordCount == 0)
    #expect(store.recompressionCount > 0)
    #expect(store.logged.contains { $0.level == .alarm && $0.message.contains("stays as it is") })
    try expectWhole(blobs, in: key, store)
  }

  @Test func `the breakage takes just that away from scopes too`() throws {
    let key = try DataKey.sample(1)
    let (store, blobs) = try filled([key], .recompressionNotVerified)
    store.keyRing.add(key)
    store.alterRecompressed = { $0[$0.count / 2] ^= 1 }
    #expect(try recompress(store).recompressedRecordCount > 40)
    #expect(try blobs.contains { try store.get($0, in: key) != $0 })
  }

  @Test func `digests of a blob stay encrypted beside it`() throws {
    let key = try DataKey.sample(1)
    let (store, _) = try filled([key])
    store.keyRing.add(key)
    let bytes = prose(30_000, 900)
    let digests = BlobDigests([
      BlobDigest(algorithm: .sha1, bytes: [UInt8](repeating: 7, count: 20))
    ])
    let preparer = try store.preparer.sealing(with: store.sealer(key))
    let blob = preparer.blob(bytes)
    try store.request(.put(blob.with(preparer.digests(digests, of: blob.key)), .flushed))
    let seal = try pieces([bytes], in: key, store).first?.sealed?.seal
    try recompress(store)
    #expect(try pieces([bytes], in: key, store).first?.sealed?.seal != seal)
    guard case .description(_, let kept) = try store.request(.stat(blob.key)) else {
      throw CoreHarness.Unexpected()
    }
    #expect(preparer.digests(kept, of: blob.key) == digests && kept.plain == BlobDigests())
  }
}
