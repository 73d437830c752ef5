import Bytes
import Codec
import Disk
import Testing

@testable import BlobEngine

@Suite("Digests in records")
struct DigestRecordTests {
  private static let options = StoreOptions(
    segmentByteCount: 256 << 10,
    recentByteLimit: 0,
    checkpointByteInterval: 1 << 30,
    reclaims: false,
    compresses: false
  )

  /// What bytes hash to, by each kind that is asked for.
  private func digests(_ bytes: [UInt8], _ kinds: DigestKinds) -> BlobDigests {
    BlobDigests(
      kinds.algorithms.map { algorithm in
        var stream = algorithm.makeStream()
        stream.update(bytes.span)
        return BlobDigest(algorithm: algorithm, bytes: stream.digest())
      }
    )
  }

  private func put(
    _ bytes: [UInt8],
    _ kinds: DigestKinds,
    _ durability: Durability = .flushed,
    in store: CoreHarness
  ) throws -> BlobInfo {
    let blob = try store.preparer.blob(bytes)
    let digests = try store.preparer.digests(digests(bytes, kinds), of: blob.key)
    guard case .stored(let info) = try store.request(.put(blob.with(digests), durability)) else {
      throw CoreHarness.Unexpected()
    }
    return info
  }

  private func upload(
    _ bytes: [UInt8],
    _ kinds: DigestKinds,
    in store: CoreHarness
  ) throws -> BlobInfo {
    let id = try store.beginUpload()
    let size = try store.preparer.extentByteCount
    for start in stride(from: 0, to: bytes.count, by: size) {
      let piece = Array(bytes[start..<min(start + size, bytes.count)])
      try store.request(.append(id, store.preparer.extent(piece)))
    }
    var name = PreparedName(SHA256Stream.digest(of: bytes.span))
    name.digests = try store.preparer.digests(digests(bytes, kinds), of: name.key)
    guard case .stored(let info) = try store.request(.finishUpload(id, name)) else {
      throw CoreHarness.Unexpected()
    }
    return info
  }

  private func enrich(_ key: SHA256Digest, _ digests: BlobDigests, in store: CoreHarness) throws {
    _ = try store.request(.enrich(key, store.preparer.digests(digests, of: key)))
  }

  /// The digests that a blob is stored with; nil when it is not there.
  private func stored(_ key: SHA256Digest, in store: CoreHarness) throws -> BlobDigests? {
    guard case .description(_, let digests) = try store.request(.stat(key)) else { return nil }
    return digests.plain
  }

  /// What is to be looked at: the store as it is, and then as it is opened after a crash.
  ///
  /// The first has lost the disk by then, and is good for reads only.
  private func again(_ store: CoreHarness) -> [CoreHarness] {
    [store, store.reopened(options: Self.options)]
  }

  // MARK: Put with them

  @Test(arguments: [0, 1, 5_000, 32_768]) func `a blob has the digests that it was put with`(
    byteCount: Int
  ) throws {
    let store = CoreHarness(options: Self.options)
    let bytes = noise(byteCount)
    let key = try put(bytes, .all, in: store).key
    for store in again(store) {
      #expect(try stored(key, in: store) == digests(bytes, .all))
      #expect(try store.get(key) == bytes)
      #expect(try store.scrub().damaged.isEmpty)
    }
  }

  @Test func `a large blob has them in the list of its pieces`() throws {
    let store = CoreHarness(options: Self.options)
    let bytes = noise(100_000)
    let key = try upload(bytes, [.md5, .sha512], in: store).key
    for store in again(store) {
      #expect(try stored(key, in: store) == digests(bytes, [.md5, .sha512]))
      #expect(try store.get(key) == bytes)
    }
  }

  // MARK: Added to what is there

  @Test func `a put of what is there adds the digests that it lacks, once`() throws {
    let store = CoreHarness(options: Self.options)
    let bytes = noise(5_000)
    let key = try store.put(bytes).key
    #expect(try put(bytes, .all, in: store).wasNew == false)
    #expect(try stored(key, in: store) == digests(bytes, .all))
    let writeCount = store.disk.writes.count
    #expect(try put(bytes, [.md5], in: store).wasNew == false)
    #expect(try put(bytes, .all, in: store).wasNew == false)
    // Two touches: a page each, and no record of 5,000 bytes.
    let touches = store.disk.writes[writeCount...]
    #expect(touches.allSatisfy { $0.byteCount == 4096 }, "\(touches)")
    for store in again(store) {
      #expect(try stored(key, in: store) == digests(bytes, .all))
      #expect(try store.get(key) == bytes)
      #expect(store.engine.blobCount == 1)
      #expect(store.engine.audit().isEmpty)
    }
  }

  @Test func `the pieces of an upload that brings only digests are dead`() throws {
    let store = CoreHarness(options: Self.options)
    let bytes = noise(100_000)
    let key = try store.upload(bytes).key
    #expect(try upload(bytes, .all, in: store).wasNew == false)
    #expect(store.engine.audit().isEmpty)
    try store.request(.compact)
    for store in again(store) {
      #expect(try stored(key, in: store) == digests(bytes, .all))
      #expect(try store.get(key) == bytes)
      #expect(store.engine.audit().isEmpty)
    }
  }

  @Test func `digests made later are added; fewer do not take the place of more`() throws {
    let store = CoreHarness(options: Self.options)
    let blobs = [noise(0), noise(5_000), noise(100_000)]
    for bytes in blobs {
      let key = try bytes.count > 32_768 ? store.upload(bytes).key : store.put(bytes).key
      try enrich(key, digests(bytes, [.md5, .sha1]), in: store)
      try enrich(key, digests(bytes, [.sha1]), in: store)
      try enrich(key, digests(bytes, [.sha512]), in: store)
    }
    for store in again(store) {
      for bytes in blobs {
        let key = SHA256Stream.digest(of: bytes.span)
        #expect(try stored(key, in: store) == digests(bytes, [.md5, .sha1]))
        #expect(try store.get(key) == bytes)
      }
      #expect(store.engine.audit().isEmpty)
    }
  }

  @Test func `extents that are not counted yet are counted from the new list`() throws {
    let first = CoreHarness(options: Self.options)
    let bytes = noise(100_000)
    let key = try first.upload(bytes).key
    let store = first.reopened(options: Self.options)
    #expect(store.engine.uncounted.isEmpty)
    // As if the count had not come to this list before the digests did.
    let place = try #require(store.engine.index.candidate(for: store.engine.indexKey(key)))
    store.engine.uncounted.insert(place)
    try enrich(key, digests(bytes, .all), in: store)
    #expect(store.engine.uncounted.count == 1)
    #expect(!store.engine.uncounted.contains(place))
  }

  // MARK: The end of the blob is theirs

  @Test func `digests go with their blob, and neither comes back`() throws {
    let store = CoreHarness(options: Self.options)
    let bytes = noise(5_000)
    let key = try store.put(bytes).key
    try enrich(key, digests(bytes, .all), in: store)
    #expect(try store.delete(key))
    for store in again(store) + [Self.rebuilt(store)] {
      #expect(try stored(key, in: store) == nil)
      #expect(try store.get(key) == nil)
    }
    let last = store.reopened(options: Self.options)
    let late = try last.preparer.digests(digests(bytes, .all), of: key)
    guard case .absent = try last.request(.enrich(key, late)) else {
      throw CoreHarness.Unexpected()
    }
    #expect(try last.put(bytes).wasNew)
    #expect(try stored(key, in: last) == BlobDigests())
  }

  @Test func `reclaim moves them with their blobs`() throws {
    let store = CoreHarness(options: Self.options)
    var kept: [(SHA256Digest, [UInt8])] = []
    for number in 0..<200 {
      let bytes = noise(6_000, seed: UInt64(number))
      let key = try put(bytes, number % 2 == 0 ? .all : [], in: store).key
      if number % 2 == 1 { try enrich(key, digests(bytes, .all), in: store) }
      if number % 20 < 2 { kept.append((key, bytes)) } else { #expect(try store.delete(key)) }
    }
    let large = noise(100_000, seed: 900)
    kept.append((try upload(large, .all, in: store).key, large))
    #expect(try store.delete(try store.upload(noise(150_000, seed: 901)).key))
    guard case .compacted(let counters) = try store.request(.compact) else {
      throw CoreHarness.Unexpected()
    }
    #expect(counters.movedRecordCount > 10)
    for store in again(store) + [Self.rebuilt(store)] {
      for (key, bytes) in kept {
        #expect(try stored(key, in: store) == digests(bytes, .all))
        #expect(try store.get(key) == bytes)
      }
      #expect(store.engine.blobCount == kept.count)
    }
    #expect(store.engine.audit().isEmpty)
  }

  // MARK: Crashes and full stores

  @Test func `a crash before the new record is durable leaves the blob as it was`() throws {
    let store = CoreHarness(options: Self.options)
    let bytes = noise(5_000)
    let key = try store.put(bytes).key
    store.isHolding = true
    let ask = store.ask(
      .enrich(key, try store.preparer.digests(digests(bytes, .all), of: key))
    )
    store.run()
    #expect(store.answer(to: ask) == nil, "nothing is answered before it is durable")
    let crashed = store.reopened(options: Self.options)
    #expect(try stored(key, in: crashed) == BlobDigests())
    #expect(try crashed.get(key) == bytes)
  }

  @Test func `a full store answers puts of what is there, and takes no digests`() throws {
    var options = Self.options
    options.capacityByteCount = 8 * (256 << 10)
    let store = CoreHarness(options: options)
    let bytes = noise(30_000)
    let key = try store.put(bytes).key
    var number: UInt64 = 1
    while (try? store.put(noise(30_000, seed: number))) != nil { number += 1 }
    #expect(throws: EngineError.storageFull) {
      try enrich(key, digests(bytes, .all), in: store)
    }
    #expect(try put(bytes, .all, in: store).wasNew == false)
    #expect(try stored(key, in: store) == BlobDigests())
    #expect(try store.get(key) == bytes)
  }

  @Test func `a relaxed blob that is put again for good is flushed with its digests`() throws {
    let store = CoreHarness(options: Self.options)
    let bytes = noise(5_000)
    let key = try put(bytes, [], .relaxed, in: store).key
    _ = try put(bytes, .all, .flushed, in: store)
    guard case .explained(let explanation) = try store.request(.explain(key)) else {
      throw CoreHarness.Unexpected()
    }
    #expect(!explanation.lines.contains { $0.contains("did not wait for a flush") })
    #expect(explanation.lines.contains { $0.contains("MD5, SHA-1, SHA-512, BLAKE2b-256") })
  }

  /// Opens what is on the disk with all checkpoints lost, so that the log alone counts.
  private static func rebuilt(_ store: CoreHarness) -> CoreHarness {
    for file in store.disk.files.keys {
      if case .checkpoint = file { store.disk.files[file] = nil }
    }
    return store.reopened(options: options)
  }
}
