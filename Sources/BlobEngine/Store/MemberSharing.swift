import Bytes
import Codec

/// One call for the members of some blobs to be shared: all are looked at, then those that have
/// enough in common are put together from chunks, one after the other.
///
/// Chunks are of the scope that their blob is of, and are looked for there alone.
struct MemberSharing {
  private let runtime: StoreRuntime
  private let rests: SharingRests
  let rules: SharingRules
  var report = SharingReport()

  init(_ runtime: StoreRuntime, _ rests: SharingRests = .none) {
    self.runtime = runtime
    self.rests = rests
    rules = SharingRules(runtime.preparer)
  }

  /// Shares members among blobs of one scope, given by their SHA-256.
  mutating func run(
    _ keys: [SHA256Digest],
    in scope: BlobScope
  ) async throws(EngineError) -> SharingReport {
    let preparer = try scope.preparer()
    var profiles: [ArchiveProfile] = []
    for key in Set(keys).sorted() {
      report.examinedCount += 1
      do throws(EngineError) {
        let blob = NamedBlob(name: preparer.name(of: key), scope: scope)
        if let profile = try await profile(of: blob) { profiles.append(profile) }
      } catch {
        try skip(error)
      }
    }
    let present = try await chunksPresent(of: profiles)
    let chosen = SharingPlan.worthwhile(profiles, present: present, rules)
    report.keepWhole("too little would be saved", profiles.count - chosen.count)
    for profile in chosen { try await share(profile.blob, profile.members) }
    return report
  }

  /// A blob that cannot be read, or that changes meanwhile, keeps no other from being shared.
  private mutating func skip(_ error: EngineError) throws(EngineError) {
    switch runtime.sharpened(error) {
    case .damaged, .digestMismatch: report.keepWhole("it is damaged")
    case .keyUnavailable: report.keepWhole("its key is not at hand")
    case .writerClosed: report.keepWhole("it has changed meanwhile")
    case let other: throw other
    }
  }

  // MARK: Looking

  /// What a blob's record says; nil: the blob stays whole.
  mutating func stat(_ blob: NamedBlob) async throws(EngineError) -> BlobInfo? {
    do throws(EngineError) { return try await blob.stat() } catch {
      try skip(error)
      return nil
    }
  }

  /// Reads an archive's directory; nil: the blob stays whole.
  mutating func outline(
    of blob: NamedBlob,
    _ info: BlobInfo
  ) async throws(EngineError) -> ArchiveOutline? {
    do throws(EngineError) {
      let start = ContinuousClock.now
      let members = try await chosenMembers(of: blob, info)
      _ = try await rests.rest(since: start)
      return members.map { ArchiveOutline(info: info, members: $0) }
    } catch {
      try skip(error)
      return nil
    }
  }

  private func chosenMembers(
    of blob: NamedBlob,
    _ info: BlobInfo
  ) async throws(EngineError) -> [ZipMember]? {
    var finder = MemberFinder(byteCount: info.byteCount, rules: rules)
    var bytes: [UInt8] = []
    while case .read(let range) = finder.next(after: bytes) {
      guard finder.chosen.isEmpty else { return finder.chosen }
      bytes = try await blob.get(range)
    }
    return nil
  }

  /// Finds out what could be chunks of a blob; nil: it stays whole.
  private mutating func profile(
    of blob: NamedBlob
  ) async throws(EngineError) -> ArchiveProfile? {
    guard let info = try await blob.stat() else {
      report.keepWhole("it is not there")
      return nil
    }
    guard let members = try await members(of: blob, info.byteCount) else { return nil }
    let preparer = try blob.scope.preparer()
    var cutter = RecipeCutter(members: members, rules: rules)
    var chunks: [(key: SHA256Digest, byteCount: UInt64)] = []
    guard let reader = try await blob.makeReader() else { return nil }
    while let bytes = try await reader.next() {
      for chunk in cutter.take(bytes) {
        let digest = await digest(of: chunk)
        chunks.append((preparer.chunkName(of: digest), UInt64(chunk.count)))
      }
    }
    return ArchiveProfile(
      blob: blob,
      byteCount: info.byteCount,
      storedByteCount: info.storedByteCount,
      members: members,
      chunks: chunks
    )
  }

  private func digest(of chunk: [UInt8]) async -> SHA256Digest {
    await runtime.workers.run(over: chunk.count) { SHA256Stream.digest(of: chunk.span) }
  }

  private mutating func members(
    of blob: NamedBlob,
    _ byteCount: UInt64
  ) async throws(EngineError) -> [Range<UInt64>]? {
    var finder = MemberFinder(byteCount: byteCount, rules: rules)
    var bytes: [UInt8] = []
    var start = ContinuousClock.now
    while true {
      switch finder.next(after: bytes) {
      case .read(let range):
        bytes = try await blob.get(range)
        start = try await rests.rest(since: start)
      case .found(let members): return members
      case .refused(let reason):
        report.keepWhole(reason.rawValue)
        return nil
      }
    }
  }

  /// Which of the chunks are there already.
  private func chunksPresent(
    of profiles: [ArchiveProfile]
  ) async throws(EngineError) -> Set<SHA256Digest> {
    let keys = Array(Set(profiles.flatMap { $0.chunks.map(\.key) }))
    guard case .haveChunks(let found) = try await runtime.inbox.ask(.haveChunks(keys)) else {
      preconditionFailure("the engine answers in kind")
    }
    return Set(zip(keys, found).filter(\.1).map(\.0))
  }

  // MARK: Sharing

  /// Puts an archive together from chunks, whatever that saves, unless it is already.
  ///
  /// - Parameters:
  ///   - blob: the archive.
  ///   - members: where its members lie; nil: that is to be found out.
  /// - Throws: what keeps others from being shared too; why this one stays whole is in the report.
  mutating func share(
    _ blob: NamedBlob,
    _ members: [Range<UInt64>]? = nil
  ) async throws(EngineError) {
    try await blob.scope.announceRecipes()
    switch try await runtime.inbox.ask(.beginSharing(blob.name)) {
    case .absent, .sharing(nil): report.keepWhole("it is shared already, or gone")
    case .sharing(let id?):
      do throws(EngineError) {
        try await share(blob, members, id)
      } catch {
        runtime.inbox.post(.cancelSharing(id), to: .nobody)
        try skip(error)
      }
    default: preconditionFailure("the engine answers in kind")
    }
  }

  private mutating func share(
    _ blob: NamedBlob,
    _ known: [Range<UInt64>]?,
    _ id: SharingID
  ) async throws(EngineError) {
    guard let reader = try await blob.makeReader() else { throw .writerClosed }
    var members = known
    if members == nil { members = try await self.members(of: blob, reader.info.byteCount) }
    guard let members else { return runtime.inbox.post(.cancelSharing(id), to: .nobody) }
    let before = reader.info.storedByteCount
    let (recipe, chunkByteCount) = try await cut(members, reader, id)
    let digest = try await rebuild(recipe, id, blob.scope)
    let name = try blob.scope.name(of: digest)
    switch try await runtime.inbox.ask(.finishSharing(id, rebuilt: name)) {
    case .stored:
      report.sharedCount += 1
      report.byteCountBefore += before
      report.byteCountAfter += chunkByteCount + recipe.recordByteCount
    case .absent: report.keepWhole("it has changed meanwhile")
    default: preconditionFailure("the engine answers in kind")
    }
  }

  /// Stores the chunks of a blob, and returns its recipe and the bytes of those that are new.
  private func cut(
    _ members: [Range<UInt64>],
    _ reader: BlobReader,
    _ id: SharingID
  ) async throws(EngineError) -> (PreparedRecipe, UInt64) {
    let preparer = try reader.scope.preparer()
    var cutter = RecipeCutter(members: members, rules: rules)
    var keys: [SHA256Digest] = []
    var byteCount: UInt64 = 0
    var start = ContinuousClock.now
    while let bytes = try await reader.next() {
      var promises: [Promise] = []
      for chunk in cutter.take(bytes) {
        let prepared = await prepared(chunk, by: preparer)
        keys.append(prepared.key)
        promises.append(runtime.inbox.promise(.putChunk(id, prepared)))
      }
      // Those of a piece share a batch; all have ended before any of them is given up.
      var answers: [EngineAnswer] = []
      for promise in promises { answers.append(await promise.value) }
      for answer in answers {
        guard case .stored(let info) = try answer.get() else {
          preconditionFailure("the engine answers in kind")
        }
        if info.wasNew { byteCount += info.storedByteCount }
      }
      start = try await rests.rest(since: start)
    }
    let recipe = cutter.recipe(
      of: reader.info.key,
      byteCount: reader.info.byteCount,
      chunks: keys,
      preparer
    )
    guard let recipe else { throw .writerClosed }
    return (recipe, byteCount)
  }

  private func prepared(_ chunk: [UInt8], by preparer: Preparer) async -> PreparedBlob {
    await runtime.workers.run(over: chunk.count) { preparer.chunk(chunk) }
  }

  /// Puts the blob together from what is on the disk, and returns its SHA-256.
  private func rebuild(
    _ recipe: PreparedRecipe,
    _ id: SharingID,
    _ scope: BlobScope
  ) async throws(EngineError) -> SHA256Digest {
    var stream = SHA256Stream()
    var start = ContinuousClock.now
    var answer = try await runtime.inbox.ask(.readDraft(id, recipe))
    while case .piece(let piece) = answer {
      stream = await hashed(try await scope.decode(piece), after: stream)
      start = try await rests.rest(since: start)
      guard let reader = piece.reader else { break }
      answer = try await runtime.inbox.ask(.readOn(reader))
    }
    return stream.digest()
  }

  /// Hashes bytes on a worker.
  private func hashed(_ bytes: [UInt8], after stream: SHA256Stream) async -> SHA256Stream {
    await runtime.workers.run(over: bytes.count) {
      var stream = stream
      stream.update(bytes.span)
      return stream
    }
  }
}

extension Inbox {
  /// Asks the engine without waiting.
  func promise(_ request: EngineRequest) -> Promise {
    let promise = Promise()
    post(request, to: .handler { promise.fulfil($0) })
    return promise
  }
}
