public import Bytes

/// The blobs of one key: a part of a store that shares nothing with the rest but the disk.
///
/// What is put here is encrypted with the scope's key before it reaches the log, block by block, so
/// that a part of a blob is read without the rest. The store knows the blobs by names that are made
/// with the key: the same bytes in two scopes are two copies, nobody can tell which known content
/// is there, and with another key nothing is found. Callers go on naming blobs by the SHA-256 of
/// their bytes.
///
/// A value, cheap to copy. It keeps the store open as the store itself does.
public struct BlobScope: Sendable {
  let runtime: StoreRuntime
  /// What the scope's blobs are sealed with; nil in the part of the store that is not encrypted.
  let key: DataKey?

  init(_ runtime: StoreRuntime, key: DataKey?) {
    self.runtime = runtime
    self.key = key
    if let key { runtime.keys.add(key) }
  }

  /// Names the key; nil in the part of the store that is not encrypted.
  public var keyID: KeyID? { key?.id }

  /// Stores bytes, as ``BlobStore/put(_:durability:digests:expecting:)`` does.
  ///
  /// - Parameters:
  ///   - bytes: the blob.
  ///   - durability: what the return of this call promises.
  ///   - digests: what else the bytes are hashed to; kept with the blob, encrypted as it is.
  ///   - expecting: the SHA-256 that the bytes must have.
  /// - Returns: the blob's SHA-256 and sizes, and whether it is new in the scope.
  /// - Throws: what ``BlobStore/put(_:durability:digests:expecting:)`` throws, and
  ///   ``EngineError/keyUnavailable(_:)`` after the key was forgotten.
  public func put(
    _ bytes: [UInt8],
    durability: Durability = .flushed,
    digests: DigestKinds = [],
    expecting: SHA256Digest? = nil
  ) async throws(EngineError) -> BlobInfo {
    if bytes.count <= runtime.preparer.inlineByteLimit {
      let info = try await runtime.timed(.put) { () async throws(EngineError) in
        try await put(SmallPut(bytes, durability, digests: digests), expecting: expecting)
      }
      runtime.metrics?.countPut(info.byteCount)
      return info
    }
    let writer = BlobWriter(self, durability, digests)
    try await writer.write(bytes)
    return try await writer.finish(expecting: expecting)
  }

  /// Begins a blob whose bytes come bit by bit, in constant memory.
  ///
  /// - Parameters:
  ///   - durability: what the return of ``BlobWriter/finish(expecting:)`` promises.
  ///   - byteCount: how many bytes there will be, where that is known, as for
  ///     ``BlobStore/makeWriter(durability:byteCount:digests:)``.
  ///   - digests: what else the bytes are hashed to, on the way.
  /// - Returns: a writer, which is to be finished or cancelled.
  /// - Throws: what ``BlobStore/makeWriter(durability:byteCount:digests:)`` throws, or
  ///   ``EngineError/keyUnavailable(_:)``.
  public func makeWriter(
    durability: Durability = .flushed,
    byteCount: UInt64? = nil,
    digests: DigestKinds = []
  ) async throws(EngineError) -> BlobWriter {
    guard !runtime.inbox.isClosing else { throw .closed }
    _ = try key?.opened()
    if let byteCount { _ = try await runtime.inbox.ask(.admit(byteCount: byteCount)) }
    return BlobWriter(self, durability, digests)
  }

  /// Opens a blob of the scope, or the part of it inside `range`, for reading.
  ///
  /// - Parameters:
  ///   - key: the blob's SHA-256.
  ///   - range: the part to read, in bytes; what lies beyond the blob's end is left out.
  /// - Returns: a reader, or nil when the scope does not have the blob.
  /// - Throws: ``EngineError/damaged(key:_:)`` when the stored bytes are not what was put,
  ///   ``EngineError/keyUnavailable(_:)``.
  public func makeReader(
    for key: SHA256Digest,
    range: Range<UInt64>? = nil
  ) async throws(EngineError) -> BlobReader? {
    let name = try name(of: key)
    return try await runtime.timed(.get) { () async throws(EngineError) in
      try await find(name, range, called: key)
    }
  }

  /// Opens what the engine calls `name`, for a reader that calls it `key`.
  func find(
    _ name: SHA256Digest,
    _ range: Range<UInt64>?,
    called key: SHA256Digest
  ) async throws(EngineError) -> BlobReader? {
    let look = try look(for: name)
    if case .found(let cached) = look { return BlobReader(self, key, cached, asked: range) }
    do throws(EngineError) {
      switch try await runtime.inbox.ask(.read(name, range: range)) {
      case .piece(let piece):
        // Of an empty blob nothing is read, so that what says that it is empty is verified here.
        if piece.byteCount == 0 { _ = try await decode(piece) }
        return BlobReader(self, key, first: piece, asked: range, look)
      case .absent: return nil
      default: preconditionFailure("the engine answers in kind")
      }
    } catch {
      throw error.naming(key)
    }
  }

  /// Reads a small blob of the scope, or the part of it inside `range`, into memory.
  ///
  /// - Parameters:
  ///   - key: the blob's SHA-256.
  ///   - range: the part to read, in bytes; what lies beyond the blob's end is left out.
  /// - Returns: the bytes, or nil when the scope does not have the blob.
  /// - Throws: what ``makeReader(for:range:)`` throws.
  public func get(
    _ key: SHA256Digest,
    range: Range<UInt64>? = nil
  ) async throws(EngineError) -> [UInt8]? {
    try await makeReader(for: key, range: range)?.readAll()
  }

  /// Returns what is known of a blob without reading its bytes, or nil when it is not in the scope.
  ///
  /// Sizes are what the disk says: they are verified once a byte is read.
  ///
  /// - Parameter key: the blob's SHA-256.
  /// - Returns: the blob's sizes and the digests that it is stored with; `wasNew` is false.
  /// - Throws: ``EngineError/closed``, ``EngineError/keyUnavailable(_:)``, what the disk refused.
  public func stat(_ key: SHA256Digest) async throws(EngineError) -> BlobInfo? {
    let name = try name(of: key)
    do throws(EngineError) {
      switch try await runtime.inbox.ask(.stat(name)) {
      case .description(let info, let digests):
        return info.named(key, with: try preparer().digests(digests, of: name))
      case .absent: return nil
      default: preconditionFailure("the engine answers in kind")
      }
    } catch {
      throw error.naming(key)
    }
  }

  /// Deletes a blob of the scope, durably.
  ///
  /// - Parameter key: the blob's SHA-256.
  /// - Returns: whether it was there.
  /// - Throws: ``EngineError/readOnly(_:)``, ``EngineError/closed`` or
  ///   ``EngineError/keyUnavailable(_:)``.
  public func delete(_ key: SHA256Digest) async throws(EngineError) -> Bool {
    let name = try name(of: key)
    defer { runtime.cache?.remove(name) }
    return try await runtime.timed(.delete) { () async throws(EngineError) in
      guard case .deleted(let wasThere) = try await runtime.inbox.ask(.delete(name)) else {
        preconditionFailure("the engine answers in kind")
      }
      return wasThere
    }
  }

  /// Lets a deleted blob of the scope be there again, as ``BlobStore/undelete(_:)`` does.
  ///
  /// - Parameter key: the blob's SHA-256.
  /// - Returns: the blob's sizes, or nil when its bytes are not kept.
  /// - Throws: what ``BlobStore/undelete(_:)`` throws, and ``EngineError/keyUnavailable(_:)``.
  public func undelete(_ key: SHA256Digest) async throws(EngineError) -> BlobInfo? {
    let name = try name(of: key)
    do throws(EngineError) {
      switch try await runtime.inbox.ask(.undelete(name)) {
      case .stored(let info): return info.named(key)
      case .absent: return nil
      default: preconditionFailure("the engine answers in kind")
      }
    } catch {
      throw error.naming(key)
    }
  }

  /// Deletes a blob of the scope that nothing refers to, unless somebody may be about to refer to
  /// it, as ``BlobStore/delete(_:ifUntouchedSince:)`` does.
  ///
  /// - Parameters:
  ///   - key: the blob's SHA-256.
  ///   - mark: what ``BlobStore/collectionMark()`` gave before the references were looked up.
  /// - Returns: what became of it.
  /// - Throws: ``EngineError/readOnly(_:)``, ``EngineError/closed`` or
  ///   ``EngineError/keyUnavailable(_:)``.
  public func delete(
    _ key: SHA256Digest,
    ifUntouchedSince mark: CollectionMark
  ) async throws(EngineError) -> CollectionResult {
    let name = try name(of: key)
    defer { runtime.cache?.remove(name) }
    guard case .collected(let result) = try await runtime.inbox.ask(.collect(name, mark.token))
    else { preconditionFailure("the engine answers in kind") }
    return CollectionResult(result)
  }
}

// MARK: - Names and keys

extension BlobScope {
  /// What the store calls a blob of the scope, for those who read its reports.
  ///
  /// - Parameter digest: the blob's SHA-256.
  /// - Returns: the same where nothing is encrypted, or else a name that only the key tells.
  /// - Throws: ``EngineError/keyUnavailable(_:)`` after the key was forgotten.
  public func name(of digest: SHA256Digest) throws(EngineError) -> SHA256Digest {
    try sealer()?.name(of: digest) ?? digest
  }

  /// Looks for a small blob in memory; nil where none are kept.
  ///
  /// - Throws: ``EngineError/closed``, since a closed store answers nothing from memory either.
  func look(for name: SHA256Digest) throws(EngineError) -> SmallBlobCache.Look? {
    guard let cache = runtime.cache else { return nil }
    guard !runtime.inbox.isClosing else { throw .closed }
    return cache.look(for: name)
  }

  /// What opens and seals here; made for one operation, so that a forgotten key is gone.
  func sealer() throws(EngineError) -> Sealer? {
    guard let key else { return nil }
    return Sealer(
      try key.opened(),
      store: runtime.preparer.storeID,
      salts: runtime.keys.salts
    )
  }

  /// What makes bytes ready for the log here.
  func preparer() throws(EngineError) -> Preparer {
    try sealer().map { runtime.preparer.sealing(with: $0) } ?? runtime.preparer
  }

  /// Makes sure that the store says that it is encrypted, before anything in it is.
  func announce() async throws(EngineError) {
    if key != nil { try await runtime.announce(.encryption) }
  }

  /// Makes sure that the store says that it has recipes, before it has one of the scope's.
  func announceRecipes() async throws(EngineError) {
    var features = FeatureWords.recipes
    if key != nil {
      features.formUnion(.encryption)
      features.formUnion(.sealedRecipes)
    }
    try await runtime.announce(features)
  }

  /// Returns a piece's bytes, made on a worker where that takes long.
  func decode(_ piece: StoredPiece) async throws(EngineError) -> [UInt8] {
    let sealer = try sealer()
    return try await runtime.workers.run(over: piece.isCostly ? piece.byteCount : 0) {
      Result { () throws(EngineError) in try piece.decoded(with: sealer) }
    }.get()
  }

  /// Returns a piece as Zstandard frames, made on a worker where that takes long.
  func frame(_ piece: StoredPiece) async throws(EngineError) -> [UInt8] {
    let sealer = try sealer()
    return try await runtime.workers.run(over: piece.isCostlyToFrame ? piece.byteCount : 0) {
      Result { () throws(EngineError) in try piece.framed(with: sealer) }
    }.get()
  }

  /// Stores a blob that is one record.
  func put(
    _ put: SmallPut,
    expecting: SHA256Digest?
  ) async throws(EngineError) -> BlobInfo {
    try await announce()
    let preparer = try preparer()
    await runtime.budget.take(put.bytes.count)
    defer { runtime.budget.give(put.bytes.count) }
    let (blob, digests) = await put.prepared(by: preparer, runtime.workers)
    if let expecting, expecting != blob.digest {
      throw .digestMismatch(expected: expecting, actual: blob.digest)
    }
    do throws(EngineError) {
      let request = EngineRequest.put(blob, put.durability)
      guard case .stored(let info) = try await runtime.inbox.ask(request) else {
        preconditionFailure("the engine answers in kind")
      }
      return info.named(blob.digest, with: digests)
    } catch {
      throw error.naming(blob.digest)
    }
  }
}

extension BlobInfo {
  /// The same under the name that callers know, with the digests that they asked for.
  func named(_ key: SHA256Digest, with digests: BlobDigests = BlobDigests()) -> BlobInfo {
    BlobInfo(
      key: key,
      byteCount: byteCount,
      storedByteCount: storedByteCount,
      wasNew: wasNew,
      digests: digests
    )
  }
}

extension EngineError {
  /// The same about the blob that callers know.
  func naming(_ key: SHA256Digest) -> EngineError {
    if case .damaged(_, let damage) = self { .damaged(key: key, damage) } else { self }
  }
}
