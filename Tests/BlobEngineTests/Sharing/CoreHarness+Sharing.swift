import Bytes
import Codec
import Simulation
import Testing

@testable import BlobEngine

/// Archives, as the tests of sharing put them.
enum SampleArchive {
  /// Four members of a quarter each; of the archives of one size the third member differs.
  static func bytes(_ byteCount: Int = 24_000, _ variant: Int = 0, family: Int = 0) -> [UInt8] {
    BlobRecipe(byteCount: byteCount, family: family, variant: variant, texture: .archive)
      .makeBytes()
  }
}

extension CoreHarness {
  /// Nothing is read from memory, nothing is compressed.
  static var sharingOptions: StoreOptions {
    var options = uncachedOptions
    options.capacityByteCount = 8 << 20
    options.compresses = false
    return options
  }

  /// The rules of the store, for archives as small as those of the tests.
  var sharingRules: SharingRules {
    get throws {
      var rules = SharingRules(try preparer)
      rules.leastArchiveByteCount = 1000
      rules.leastMemberByteCount = 500
      rules.leastChunkByteCount = 500
      return rules
    }
  }

  /// Stores archives of any size, and lets them share; returns what the engine calls them.
  @discardableResult
  func putShared(_ archives: [[UInt8]], in key: DataKey? = nil) throws -> [SHA256Digest] {
    let names = try archives.map { archive in
      if let key { return try put(archive, in: key).key }
      return archive.count <= (try preparer).inlineByteLimit
        ? try put(archive).key : try upload(archive).key
    }
    for archive in archives { try share(archive, in: key) }
    return names
  }

  /// What makes bytes ready, in a scope or outside.
  func preparer(in key: DataKey?) throws -> Preparer {
    guard let key else { return try preparer }
    return try preparer.sealing(with: sealer(key))
  }

  /// A sharing that has stored its chunks, and the recipe that it would write.
  func beginSharing(
    _ archive: [UInt8],
    in key: DataKey? = nil
  ) throws -> (id: SharingID, draft: PreparedRecipe)? {
    try request(.announce(.recipes))
    if key != nil { try request(.announce(.sealedRecipes)) }
    let preparer = try preparer(in: key)
    let name = preparer.name(of: SHA256Stream.digest(of: archive.span))
    guard case .sharing(let id?) = try request(.beginSharing(name)) else { return nil }
    let (draft, chunks) = try cut(archive, by: preparer)
    for chunk in chunks { try request(.putChunk(id, chunk)) }
    return (id, draft)
  }

  /// A recipe of an archive, and its chunks.
  func cut(
    _ archive: [UInt8],
    by preparer: Preparer
  ) throws -> (PreparedRecipe, [PreparedBlob]) {
    let members = try #require(try members(of: archive))
    var cutter = RecipeCutter(members: members, rules: try sharingRules)
    let chunks = cutter.take(archive).map { preparer.chunk($0) }
    let draft = cutter.recipe(
      of: preparer.name(of: SHA256Stream.digest(of: archive.span)),
      byteCount: UInt64(archive.count),
      chunks: chunks.map(\.key),
      preparer
    )
    return (try #require(draft), chunks)
  }

  /// Shares the members of an archive that was put.
  @discardableResult
  func share(_ archive: [UInt8], in key: DataKey? = nil) throws -> BlobInfo? {
    guard let (id, draft) = try beginSharing(archive, in: key) else { return nil }
    return try finish(id, draft, in: key)
  }

  /// Verifies a draft, and lets it take the blob's place.
  func finish(
    _ id: SharingID,
    _ draft: PreparedRecipe,
    in key: DataKey? = nil
  ) throws -> BlobInfo {
    let name = try rebuilt(id, draft, in: key)
    guard case .stored(let info) = try request(.finishSharing(id, rebuilt: name)) else {
      throw Unexpected()
    }
    return info
  }

  /// What the engine would call what a draft gives.
  func rebuilt(
    _ id: SharingID,
    _ draft: PreparedRecipe,
    in key: DataKey? = nil
  ) throws -> SHA256Digest {
    let sealer = try key.map { key in try self.sealer(key) }
    var stream = SHA256Stream()
    var reply = try request(.readDraft(id, draft))
    while case .piece(let piece) = reply {
      let bytes = try piece.decoded(with: sealer)
      stream.update(bytes.span)
      guard let reader = piece.reader else { break }
      reply = try request(.readOn(reader))
    }
    return try preparer(in: key).name(of: stream.digest())
  }

  private func members(of archive: [UInt8]) throws -> [Range<UInt64>]? {
    var finder = MemberFinder(byteCount: UInt64(archive.count), rules: try sharingRules)
    return finder.members(of: archive)
  }

  /// The live bytes of all slots.
  var liveByteCount: UInt64 { engine.liveByteCounts.values.reduce(0, +) }
}

extension MemberFinder {
  /// Looks at an archive in memory; nil when it refuses it.
  mutating func members(of archive: [UInt8]) -> [Range<UInt64>]? {
    if case .success(let members) = outcome(of: archive) { members } else { nil }
  }

  struct Refused: Error, Equatable {
    let reason: Refusal
  }

  mutating func outcome(of archive: [UInt8]) -> Result<[Range<UInt64>], Refused> {
    var bytes: [UInt8] = []
    while true {
      switch next(after: bytes) {
      case .read(let range): bytes = Array(archive[Int(range.lowerBound)..<Int(range.upperBound)])
      case .found(let members): return .success(members)
      case .refused(let reason): return .failure(Refused(reason: reason))
      }
    }
  }
}
