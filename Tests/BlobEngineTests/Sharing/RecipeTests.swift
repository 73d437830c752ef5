import Bytes
import Codec
import Disk
import Simulation
import Testing

@testable import BlobEngine

@Suite("Archives that share members")
struct RecipeTests {
  private let first = SampleArchive.bytes(24_000, 0)
  private let second = SampleArchive.bytes(24_000, 1)
  private let large = SampleArchive.bytes(200_000, 0)

  private func store() -> CoreHarness { CoreHarness(options: CoreHarness.sharingOptions) }

  @Test func `a shared blob reads as it did, whole and in every part`() throws {
    let store = store()
    for archive in [first, large] {
      let key = try store.putShared([archive])[0]
      #expect(try store.get(key) == archive)
      var generator = CountingGenerator(seed: 3)
      for _ in 0..<200 {
        let start = Int.random(in: 0..<archive.count, using: &generator)
        let end = Int.random(in: start...archive.count, using: &generator)
        let part = try store.get(key, UInt64(start)..<UInt64(end))
        #expect(part == Array(archive[start..<end]), "\(start)..<\(end)")
      }
    }
  }

  @Test func `a shared blob is described as it was`() throws {
    let store = store()
    let whole = try store.put(first)
    let shared = try #require(try store.share(first))
    #expect(shared.key == whole.key && shared.byteCount == whole.byteCount)
    guard case .description(let info, _) = try store.request(.stat(whole.key)) else {
      return #expect(Bool(false), "it is there")
    }
    #expect(info == shared && info.byteCount == UInt64(first.count))
    #expect(try !store.put(first).wasNew)
  }

  @Test func `what archives have in common is stored once`() throws {
    let store = store()
    try store.putShared([first])
    let one = store.liveByteCount
    try store.putShared([second])
    // Three members of four are there already; the fourth, the skeleton and a head are new.
    #expect(store.liveByteCount - one < UInt64(second.count / 4 + 1500))
    #expect(store.engine.blobCount == 2)
  }

  @Test func `chunks are nobody's blobs`() throws {
    let store = store()
    let keys = try store.putShared([first, second])
    #expect(try store.keys() == Set(keys))
    let member = Array(first[31..<6000])
    let chunk = try store.preparer.chunk(member).key
    #expect(try store.get(chunk) == nil)
    let shared = try #require(try store.engineChunkKeys().first)
    #expect(try store.get(shared) == nil)
    #expect(try store.delete(shared) == false)
    #expect(try store.get(keys[0]) == first)
  }

  @Test(arguments: [false, true]) func `shared blobs are there after an open`(
    _ checkpoints: Bool
  ) throws {
    let store = store()
    let keys = try store.putShared([first, second, large])
    if checkpoints { try store.request(.checkpoint) }
    let again = store.reopened(options: CoreHarness.sharingOptions)
    #expect(again.report?.blobCount == 3)
    #expect(again.report?.features.contains(.recipes) == true)
    #expect(try again.get(keys[0]) == first)
    #expect(try again.get(keys[1]) == second)
    #expect(try again.get(keys[2]) == large)
    #expect(try again.keys() == Set(keys))
    #expect(again.engine.audit().isEmpty)
  }

  @Test func `a build that knows of no recipes refuses the store`() throws {
    let store = store()
    try store.putShared([first])
    let features = store.engine.superblock.features
    #expect(features.access(knowing: .encryption) == .none)
  }

  @Test func `a recipe that gives other bytes is refused`() throws {
    let store = store()
    let key = try store.put(first).key
    let (id, draft) = try #require(try store.beginSharing(first))
    var runs = draft.runs
    let chunks = runs.indices.filter { runs[$0].source != nil }
    // The first two members have one size.
    (runs[chunks[0]].source, runs[chunks[1]].source) =
      (runs[chunks[1]].source, runs[chunks[0]].source)
    let wrong = try store.preparer.recipe(
      of: key,
      runs: runs,
      skeleton: Array(draft.stored.payload)
    )
    let digest = try store.rebuilt(id, wrong)
    #expect(throws: EngineError.digestMismatch(expected: key, actual: digest)) {
      try store.request(.finishSharing(id, rebuilt: digest))
    }
    #expect(try store.get(key) == first)
    #expect(store.engine.sharing.recipeCount == 0)
  }

  @Test func `a recipe of chunks that the sharing has not asked for is refused`() throws {
    let store = store()
    try store.putShared([first])
    try store.put(second)
    let (id, draft) = try #require(try store.beginSharing(second))
    try store.request(.cancelSharing(id))
    guard case .sharing(let other?) = try store.request(.beginSharing(draft.key)) else {
      return #expect(Bool(false), "it may be shared")
    }
    #expect(throws: EngineError.writerClosed) { try store.request(.readDraft(other, draft)) }
  }

  @Test func `a recipe that the disk does not keep leaves the blob as it was`() throws {
    let store = store()
    let key = try store.put(first).key
    let (id, draft) = try #require(try store.beginSharing(first))
    let digest = try store.rebuilt(id, draft)
    let disk = store.disk
    disk.fault = { operation in
      guard case .read(.slot(let slot), let offset, _, _, _, _) = operation,
        let last = disk.writes.last, last.slot == slot, Int(offset) == last.offset
      else { return nil }
      return .system(operation: "read", code: 5)
    }
    #expect(throws: EngineError.self) { try store.request(.finishSharing(id, rebuilt: digest)) }
    disk.fault = nil
    #expect(try store.get(key) == first)
    #expect(store.engine.sharing.recipeCount == 0)
    let again = store.reopened(options: CoreHarness.sharingOptions)
    #expect(try again.get(key) == first)
    #expect(again.engine.sharing.recipeCount == 0)
  }

  @Test func `who puts what chunks are named by, and deletes it, takes no chunk away`() throws {
    let store = store()
    let key = try store.putShared([first])[0]
    let (_, chunks) = try store.cut(first, by: store.preparer)
    for chunk in chunks {
      let rival = try store.put(ChunkName.labelled(chunk.digest))
      #expect(rival.wasNew && rival.key != chunk.key)
      #expect(try store.delete(rival.key))
    }
    #expect(try store.get(key) == first)
    let again = store.reopened(options: CoreHarness.sharingOptions)
    #expect(try again.get(key) == first)
    #expect(again.engine.sharing.chunkCount == 4 && again.engine.audit().isEmpty)
  }

  // MARK: Chunks come and go

  @Test func `chunks go with the last recipe that names them`() throws {
    let store = store()
    let keys = try store.putShared([first, second])
    #expect(try store.delete(keys[0]))
    try store.request(.compact)
    #expect(store.engine.sharing.chunkCount == 4)
    #expect(try store.get(keys[1]) == second)
    #expect(try store.delete(keys[1]))
    try store.request(.compact)
    #expect(store.engine.sharing.chunkCount == 0)
    #expect(store.liveByteCount == 0)
    let again = store.reopened(options: CoreHarness.sharingOptions)
    #expect(again.engine.sharing.chunkCount == 0)
    #expect(again.engine.audit().isEmpty)
  }

  @Test func `chunks that a sharing has found are not collected under it`() throws {
    let store = store()
    let keys = try store.putShared([first])
    try store.put(second)
    let (id, draft) = try #require(try store.beginSharing(second))
    #expect(try store.delete(keys[0]))
    try store.request(.compact)
    let key = try store.finish(id, draft).key
    #expect(try store.get(key) == second)
    // The third member of the first is of no use any more.
    try store.request(.compact)
    #expect(store.engine.sharing.chunkCount == 4)
    #expect(try store.get(key) == second)
  }

  @Test func `chunks that somebody reads are not collected under him`() throws {
    let store = store()
    let key = try store.putShared([large])[0]
    guard case .piece(let piece) = try store.request(.read(key, range: nil)) else {
      return #expect(Bool(false), "it is there")
    }
    var bytes = try piece.decoded()
    var reader = try #require(piece.reader)
    #expect(try store.delete(key))
    try store.request(.compact)
    while case .piece(let next) = try store.request(.readOn(reader)) {
      bytes += try next.decoded()
      guard let more = next.reader else { break }
      reader = more
    }
    #expect(bytes == large)
    // The reader's end is nobody's death: the next recipe that goes takes them along.
    let other = try store.putShared([first])[0]
    #expect(try store.delete(other))
    try store.request(.compact)
    #expect(store.engine.sharing.chunkCount == 0)
  }

  @Test func `a sharing that nobody goes on with is given up, and its chunks go`() throws {
    let store = store()
    let key = try store.put(first).key
    _ = try store.beginSharing(first)
    store.engine.receive(.tick(unixMilliseconds: 1_000_000 + 3_600_000))
    store.run()
    try store.request(.compact)
    #expect(store.engine.sharing.runs.isEmpty)
    #expect(store.engine.sharing.chunkCount == 0)
    #expect(try store.get(key) == first)
  }

  @Test func `reclaim moves recipes and chunks`() throws {
    let store = store()
    let keys = try store.putShared([first, second, large])
    let before = store.engine.recordMoveCount
    for seed in 0..<20 {
      let key = try store.put(noise(20_000, seed: UInt64(seed))).key
      _ = try store.delete(key)
    }
    try store.request(.compact)
    #expect(store.engine.recordMoveCount > before)
    try expectAll(of: keys, in: store)
    try expectAll(of: keys, in: store.reopened(options: CoreHarness.sharingOptions))
  }

  private func expectAll(of keys: [SHA256Digest], in store: CoreHarness) throws {
    for (key, archive) in zip(keys, [first, second, large]) {
      #expect(try store.get(key) == archive)
    }
    #expect(store.engine.audit().isEmpty)
  }

  // MARK: Damage

  @Test func `a damaged chunk is found under the names of all its blobs, and they are repaired`()
    throws
  {
    let store = store()
    let keys = try store.putShared([first, second])
    let place = try #require(try store.place(ofChunkSharedBy: keys))
    store.disk.corrupt(.slot(place.slot), at: Int(place.offset) + 1000)
    #expect(Set(try store.scrub().damaged) == Set(keys))
    for (key, archive) in zip(keys, [first, second]) {
      #expect(throws: EngineError.self) { try store.get(key) }
      #expect(try store.put(archive).wasNew)
      #expect(try store.get(key) == archive)
    }
    try store.request(.compact)
    #expect(store.engine.sharing.recipeCount == 0)
  }

  @Test func `a damaged chunk is mended by the next sharing that brings it`() throws {
    let store = store()
    let keys = try store.putShared([first, second])
    let place = try #require(try store.place(ofChunkSharedBy: keys))
    store.disk.corrupt(.slot(place.slot), at: Int(place.offset) + 1000)
    let third = SampleArchive.bytes(24_000, 2)
    let key = try store.putShared([third])[0]
    #expect(try store.get(key) == third)
    #expect(try store.get(keys[0]) == first)
    #expect(try store.get(keys[1]) == second)
  }
}

extension CoreHarness {
  /// The keys of all chunks, by reading the recipes.
  fileprivate func engineChunkKeys() throws -> [SHA256Digest] {
    try recipes().flatMap { $0.compactMap(\.source) }
  }

  /// Where a chunk lies that several recipes name.
  fileprivate func place(ofChunkSharedBy keys: [SHA256Digest]) throws -> IndexPlace? {
    var counts: [SHA256Digest: Int] = [:]
    for source in try engineChunkKeys() { counts[source, default: 0] += 1 }
    let shared = counts.first { $0.value == keys.count }?.key
    return shared.flatMap { engine.index.candidate(for: engine.indexKey($0)) }
  }

  private func recipes() throws -> [[RecipeRun]] {
    var places: [IndexPlace] = []
    engine.index.forEach { _, entry in
      if entry.place.kind == .recipe { places.append(entry.place) }
    }
    return try places.map { place in
      let bytes = try #require(disk.files[.slot(place.slot)])
      let record = try Record(
        decoding: bytes.span,
        at: Int(place.offset),
        offset: 0,
        checksum: engine.checksum
      )
      return record.items.runs
    }
  }
}
