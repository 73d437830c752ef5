import Bytes
import Codec

/// One call for the members of some blobs to be shared: all are looked at, then those that have
/// enough in common are put together from chunks, one after the other.
struct MemberSharing {
  private let runtime: StoreRuntime
  private let scope: BlobScope
  private let rules: SharingRules
  private var report = SharingReport()

  init(_ runtime: StoreRuntime) {
    self.runtime = runtime
    scope = BlobScope(runtime, key: nil)
    rules = SharingRules(runtime.preparer)
  }

  mutating func run(_ keys: [SHA256Digest]) async throws(EngineError) -> SharingReport {
    var profiles: [ArchiveProfile] = []
    for key in Set(keys).sorted() {
      report.examinedCount += 1
      do throws(EngineError) {
        if let profile = try await profile(of: key) { profiles.append(profile) }
      } catch {
        try skip(error)
      }
    }
    let present = try await chunksPresent(of: profiles)
    let chosen = SharingPlan.worthwhile(profiles, present: present, rules)
    report.keepWhole("too little would be saved", profiles.count - chosen.count)
    if !chosen.isEmpty { try await runtime.announce(.recipes) }
    for profile in chosen {
      do throws(EngineError) { try await share(profile) } catch { try skip(error) }
    }
    return report
  }

  /// A blob that cannot be read, or that changes meanwhile, keeps no other from being shared.
  private mutating func skip(_ error: EngineError) throws(EngineError) {
    switch runtime.sharpened(error) {
    case .damaged, .digestMismatch: report.keepWhole("it is damaged")
    case .keyUnavailable: report.keepWhole("it is encrypted")
    case .writerClosed: report.keepWhole("it has changed meanwhile")
    case let other: throw other
    }
  }

  // MARK: Looking

  /// Finds out what could be chunks of a blob; nil: it stays whole.
  private mutating func profile(
    of key: SHA256Digest
  ) async throws(EngineError) -> ArchiveProfile? {
    guard let info = try await scope.stat(key) else {
      report.keepWhole("it is not there")
      return nil
    }
    guard let members = try await members(of: info) else { return nil }
    var cutter = RecipeCutter(members: members, chunkByteLimit: rules.chunkByteLimit)
    var chunks: [(key: SHA256Digest, byteCount: UInt64)] = []
    guard let reader = try await scope.makeReader(for: key) else { return nil }
    while let bytes = try await reader.next() {
      for chunk in cutter.take(bytes) {
        let digest = await digest(of: chunk)
        chunks.append((ChunkName.key(of: digest), UInt64(chunk.count)))
      }
    }
    return ArchiveProfile(
      key: key,
      byteCount: info.byteCount,
      storedByteCount: info.storedByteCount,
      members: members,
      chunks: chunks
    )
  }

  private func digest(of chunk: [UInt8]) async -> SHA256Digest {
    await runtime.workers.run(over: chunk.count) { SHA256Stream.digest(of: chunk.span) }
  }

  private mutating func members(of info: BlobInfo) async throws(EngineError) -> [Range<UInt64>]? {
    var finder = MemberFinder(byteCount: info.byteCount, rules: rules)
    var bytes: [UInt8] = []
    while true {
      switch finder.next(after: bytes) {
      case .read(let range): bytes = try await scope.get(info.key, range: range) ?? []
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

  private mutating func share(_ profile: ArchiveProfile) async throws(EngineError) {
    switch try await runtime.inbox.ask(.beginSharing(profile.key)) {
    case .absent, .sharing(nil): report.keepWhole("it is shared already, encrypted or gone")
    case .sharing(let id?):
      do throws(EngineError) {
        try await share(profile, id)
      } catch {
        runtime.inbox.post(.cancelSharing(id), to: .nobody)
        throw error
      }
    default: preconditionFailure("the engine answers in kind")
    }
  }

  private mutating func share(
    _ profile: ArchiveProfile,
    _ id: SharingID
  ) async throws(EngineError) {
    guard let reader = try await scope.makeReader(for: profile.key) else {
      throw .writerClosed
    }
    let before = reader.info.storedByteCount
    let (recipe, chunkByteCount) = try await cut(profile, reader, id)
    let digest = try await rebuild(recipe, id)
    switch try await runtime.inbox.ask(.finishSharing(id, rebuilt: digest)) {
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
    _ profile: ArchiveProfile,
    _ reader: BlobReader,
    _ id: SharingID
  ) async throws(EngineError) -> (PreparedRecipe, UInt64) {
    var cutter = RecipeCutter(members: profile.members, chunkByteLimit: rules.chunkByteLimit)
    var keys: [SHA256Digest] = []
    var byteCount: UInt64 = 0
    while let bytes = try await reader.next() {
      var promises: [Promise] = []
      for chunk in cutter.take(bytes) {
        let prepared = await prepared(chunk)
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
    }
    let recipe = cutter.recipe(
      of: profile.key,
      byteCount: profile.byteCount,
      chunks: keys,
      runtime.preparer
    )
    guard let recipe else { throw .writerClosed }
    return (recipe, byteCount)
  }

  private func prepared(_ chunk: [UInt8]) async -> PreparedBlob {
    let preparer = runtime.preparer
    return await runtime.workers.run(over: chunk.count) { preparer.chunk(chunk) }
  }

  /// Puts the blob together from what is on the disk, and returns its SHA-256.
  private func rebuild(
    _ recipe: PreparedRecipe,
    _ id: SharingID
  ) async throws(EngineError) -> SHA256Digest {
    var stream = SHA256Stream()
    var answer = try await runtime.inbox.ask(.readDraft(id, recipe))
    while case .piece(let piece) = answer {
      stream = try await hashed(piece, after: stream)
      guard let reader = piece.reader else { break }
      answer = try await runtime.inbox.ask(.readOn(reader))
    }
    return stream.digest()
  }

  /// Hashes a piece on a worker.
  private func hashed(
    _ piece: StoredPiece,
    after stream: SHA256Stream
  ) async throws(EngineError) -> SHA256Stream {
    let bytes = try await scope.decode(piece)
    return await runtime.workers.run(over: bytes.count) {
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
