import Bytes
import Codec
import Disk
import Simulation
import Testing

@testable import BlobEngine

@Suite("Archives of a scope that share members")
struct SealedRecipeTests {
  private let first = SampleArchive.bytes(24_000, 0)
  private let second = SampleArchive.bytes(24_000, 1)
  private let large = SampleArchive.bytes(200_000, 0)

  private func store() -> CoreHarness { CoreHarness(options: CoreHarness.sharingOptions) }

  private func expectParts(
    of archive: [UInt8],
    in key: DataKey,
    _ store: CoreHarness,
    count: Int = 100
  ) throws {
    #expect(try store.get(archive, in: key) == archive)
    var generator = CountingGenerator(seed: 3)
    for _ in 0..<count {
      let start = Int.random(in: 0..<archive.count, using: &generator)
      let end = Int.random(in: start...archive.count, using: &generator)
      let part = try store.get(archive, in: key, UInt64(start)..<UInt64(end))
      #expect(part == Array(archive[start..<end]), "\(start)..<\(end)")
    }
  }

  // MARK: Reading

  @Test func `a shared blob of a scope reads as it did, whole and in every part`() throws {
    let store = store()
    let key = try DataKey.sample(1)
    for archive in [first, large] {
      let name = try store.putShared([archive], in: key)[0]
      try expectParts(of: archive, in: key, store)
      #expect(try store.get(archive, in: .sample(2)) == nil)
      // Who knows the name and has no key gets nothing, and who has another one neither.
      let pieces = try #require(try store.pieces(of: name))
      for piece in pieces {
        #expect(throws: EngineError.keyUnavailable(key.id)) { try piece.decoded() }
        #expect(throws: EngineError.keyUnavailable(key.id)) {
          try piece.decoded(with: store.sealer(.sample(2)))
        }
      }
    }
    #expect(store.engine.sharing.recipeCount == 2)
    #expect(try store.scrub().damaged.isEmpty)
  }

  @Test(arguments: [false, true]) func `shared blobs of a scope are there after an open`(
    _ checkpoints: Bool
  ) throws {
    let store = store()
    let key = try DataKey.sample(1)
    try store.putShared([first, second, large], in: key)
    if checkpoints { try store.request(.checkpoint) }
    for file in store.disk.files.keys where !checkpoints {
      if case .checkpoint = file { store.disk.files[file] = nil }
    }
    let again = store.reopened(options: CoreHarness.sharingOptions)
    for archive in [first, second, large] { try expectParts(of: archive, in: key, again, count: 9) }
    #expect(again.engine.sharing.recipeCount == 3)
    #expect(again.report?.features.contains(.sealedRecipes) == true)
    #expect(again.engine.audit().isEmpty)
  }

  @Test func `a piece of a scope's recipe is handed out as frames too`() throws {
    let store = store()
    let key = try DataKey.sample(1)
    let name = try store.putShared([large], in: key)[0]
    for piece in try #require(try store.pieces(of: name)) {
      let bytes = try piece.decoded(with: store.sealer(key))
      let frames = try piece.framed(with: store.sealer(key))
      #expect(frames == ZstandardFrame.holding(bytes.span))
      #expect(piece.isCostly && piece.isCostlyToFrame)
    }
  }

  // MARK: Walls

  @Test func `scopes share nothing with each other`() throws {
    let store = store()
    let keys: [DataKey?] = [nil, try .sample(1), try .sample(2)]
    var sizes: [UInt64] = []
    for key in keys {
      try store.putShared([first, second], in: key)
      sizes.append(store.liveByteCount)
    }
    // Three members of four are the same in both archives, and are there once in each scope.
    #expect(store.engine.sharing.chunkCount == 3 * 5)
    #expect(sizes[0] < UInt64(first.count * 5 / 4 + 3_000))
    #expect(sizes[1] - sizes[0] >= sizes[0] && sizes[2] - sizes[1] == sizes[1] - sizes[0])
    for archive in [first, second] {
      let name = try store.preparer(in: keys[1]).name(of: SHA256Stream.digest(of: archive.span))
      #expect(try store.delete(name))
    }
    try store.request(.compact)
    #expect(store.engine.sharing.chunkCount == 2 * 5)
    #expect(try store.get(first, in: .sample(1)) == nil)
    #expect(try store.get(first, in: .sample(2)) == first)
    #expect(try store.get(SHA256Stream.digest(of: second.span)) == second)
  }

  @Test func `a chunk has the name of no blob of its scope`() throws {
    let sealer = try store().sealer(.sample(1))
    let digest = SHA256Stream.digest(of: first.span)
    let labelled = ChunkName.labelled(digest)
    let names = [
      sealer.name(of: digest), sealer.chunkName(of: digest), ChunkName.key(of: digest),
      sealer.name(of: SHA256Stream.digest(of: labelled.span)),
      try store().sealer(.sample(2)).chunkName(of: digest),
    ]
    #expect(Set(names).count == names.count)
  }

  @Test func `nothing that is encrypted is put together from what is not, nor of another scope`()
    throws
  {
    let store = store()
    let key = try DataKey.sample(1)
    try store.put(first, in: key)
    try store.put(first)
    let preparers = try [nil, key, .sample(2)].map { try store.preparer(in: $0) }
    for (mine, others) in [(1, [0, 2]), (0, [1, 2])] {
      let name = preparers[mine].name(of: SHA256Stream.digest(of: first.span))
      try store.request(.announce(.recipes))
      try store.request(.announce(.sealedRecipes))
      guard case .sharing(let id?) = try store.request(.beginSharing(name)) else {
        return #expect(Bool(false), "it may be shared")
      }
      for other in others {
        let (_, chunks) = try store.cut(first, by: preparers[other])
        #expect(throws: EngineError.writerClosed) { try store.request(.putChunk(id, chunks[0])) }
      }
      let (_, chunks) = try store.cut(first, by: preparers[mine])
      for chunk in chunks { try store.request(.putChunk(id, chunk)) }
      for other in others {
        let draft = try draft(of: name, chunks, by: preparers[other])
        #expect(throws: EngineError.writerClosed) { try store.request(.readDraft(id, draft)) }
      }
      let draft = try draft(of: name, chunks, by: preparers[mine])
      #expect(try store.request(.readDraft(id, draft)).isPiece)
    }
  }

  /// A recipe of one chunk, sealed by whomever.
  private func draft(
    of name: SHA256Digest,
    _ chunks: [PreparedBlob],
    by preparer: Preparer
  ) throws -> PreparedRecipe {
    let chunk = try #require(chunks.first)
    let runs = [
      RecipeRun(source: nil, offset: 0, byteCount: 10),
      RecipeRun(source: chunk.key, offset: 0, byteCount: 100),
    ]
    return preparer.recipe(of: name, runs: runs, skeleton: noise(10))
  }

  // MARK: The disk

  @Test func `a recipe that was changed on the disk gives no other bytes`() throws {
    let key = try DataKey.sample(1)
    for forgery in Forgery.allCases {
      let store = store()
      let name = try store.putShared([large], in: key)[0]
      try store.forge(forgery, name)
      #expect(throws: EngineError.self, "\(forgery)") { try store.get(large, in: key) }
      // A part that takes nothing of the skeleton is verified as well.
      let member = try #require(large.indices.first { $0 % 50_000 == 20_000 })
      if forgery.isOfRecipe {
        let range = UInt64(member)..<UInt64(member + 100)
        #expect(throws: EngineError.self, "\(forgery)") { try store.get(large, in: key, range) }
      }
    }
  }

  @Test func `a list of nothing that was put on the disk is no empty blob of a scope`() throws {
    let store = store()
    let key = try DataKey.sample(1)
    let name = try store.put([], in: key).key
    #expect(try store.get([], in: key) == [])
    let sealer = try store.sealer(key)
    let info = BlobInfo(key: name, byteCount: 0, storedByteCount: 96, wasNew: false)
    let forged = StoredPiece(emptyAt: 0, info: info)
    #expect(throws: EngineError.self) { try forged.decoded(with: sealer) }
  }

  // MARK: Digests

  @Test func `a recipe of a scope has the digests of the blob, and gets more`() throws {
    let store = store()
    let key = try DataKey.sample(1)
    try store.put(first, in: key)
    let preparer = try store.preparer(in: key)
    let name = preparer.name(of: SHA256Stream.digest(of: first.span))
    func digests(_ kinds: [DigestAlgorithm]) -> BlobDigests {
      BlobDigests(
        kinds.map { BlobDigest(algorithm: $0, bytes: [UInt8](repeating: 7, count: $0.byteCount)) }
      )
    }
    for kinds: [DigestAlgorithm] in [[.md5], [.md5, .sha1], [.md5, .sha1, .sha512]] {
      try store.request(.enrich(name, preparer.digests(digests(kinds), of: name)))
      try store.share(first, in: key)
      guard case .description(_, let found) = try store.request(.stat(name)) else {
        return #expect(Bool(false), "it is there")
      }
      #expect(preparer.digests(found, of: name) == digests(kinds) && found.plain == BlobDigests())
      #expect(try store.get(first, in: key) == first)
    }
    #expect(store.engine.sharing.recipeCount == 1)
  }
}

/// What somebody who holds the disk may do to a recipe; all checksums are right.
enum Forgery: CaseIterable {
  /// Two runs of one length take each other's bytes.
  case swappedRuns
  case otherSkeleton
  /// The recipe says that it is not encrypted, as its chunks do.
  case openRecipe
  case openChunk
  case otherChunk

  var isOfRecipe: Bool { self == .swappedRuns || self == .openRecipe }
}

extension CoreHarness {
  /// Changes what is on the disk of a recipe.
  fileprivate func forge(_ forgery: Forgery, _ name: SHA256Digest) throws {
    let recipe = try #require(engine.index.candidate(for: engine.indexKey(name)))
    let runs = try record(at: recipe).items.runs
    let chunks = runs.compactMap(\.source)
    switch forgery {
    case .swappedRuns:
      let pair = try #require(
        runs.indices.compactMap { one in
          runs.indices.first {
            $0 > one && runs[$0].byteCount == runs[one].byteCount
              && runs[$0].source != runs[one].source && runs[$0].source != nil
              && runs[one].source != nil
          }.map { (one, $0) }
        }.first
      )
      try rewrite(recipe) { record, _ in record.items.runs.swapAt(pair.0, pair.1) }
    case .otherSkeleton: try rewrite(recipe) { $1[$1.count / 2] ^= 1 }
    case .openRecipe:
      try rewrite(recipe) { record, _ in (record.items.seal, record.items.tags) = (nil, []) }
      fallthrough
    case .openChunk:
      let places = try chunks.map { try place(ofChunk: $0) }
      for place in places {
        try rewrite(place) { record, _ in (record.items.seal, record.items.tags) = (nil, []) }
      }
    case .otherChunk: try rewrite(place(ofChunk: chunks[1])) { $1[7] ^= 1 }
    }
  }

  private func place(ofChunk key: SHA256Digest) throws -> IndexPlace {
    try #require(engine.index.candidate(for: engine.indexKey(key)))
  }

  private func record(at place: IndexPlace) throws -> Record {
    let file = try #require(disk.files[.slot(place.slot)])
    return try Record(
      decoding: file.span,
      at: Int(place.offset),
      offset: 0,
      checksum: engine.checksum
    )
  }

  /// Writes a record anew in its place, with checksums that are right.
  private func rewrite(
    _ place: IndexPlace,
    _ change: (inout Record, inout [UInt8]) -> Void
  ) throws {
    var file = try #require(disk.files[.slot(place.slot)])
    var record = try record(at: place)
    var payload = Array(file[record.payload])
    change(&record, &payload)
    let sums = PayloadDigest(of: payload.span, checksum: engine.checksum)
    record.items.blockDigests = sums.blocks
    record.head.payloadDigest = sums.digest
    let tail = record.items.encode()
    record.head.extensionByteCount = tail.count
    var head = [UInt8](repeating: 0, count: record.head.headByteCount)
    var span = head.mutableSpan
    record.head.encode(into: &span, extension: tail.span, checksum: engine.checksum)
    let bytes = head + payload
    file.replaceSubrange(Int(place.offset)..<(Int(place.offset) + bytes.count), with: bytes)
    disk.files[.slot(place.slot)] = file
  }
}

extension EngineReply {
  fileprivate var isPiece: Bool { if case .piece = self { true } else { false } }
}
