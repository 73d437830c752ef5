public import Bytes

/// A store of blobs in one directory: what was put comes back byte for byte, or an error does.
///
/// A blob's name is the SHA-256 of its bytes; the same bytes put twice, or at once, cost one copy.
/// An acknowledged put is durable (see ``Durability``); an unacknowledged one is, after a crash,
/// either wholly there or wholly absent. One process at a time has a store open, and one process
/// may have several stores open.
///
/// Each store runs on a thread of its own, which alone talks to the disk, and a few more for
/// hashing and compression. All methods may be called from any task. A cancelled task does not
/// take back what it asked for: the put goes on, and is there or not as if the task had not
/// looked.
public final class BlobStore: Sendable {
  /// Which disk carries the work out, and how, for logs.
  public let diskDescription: String

  let runtime: StoreRuntime
  package let report: OpenReport
  /// What goes on by itself as long as the store is open; nil: nothing does.
  let sharing: BackgroundSharing?

  init(
    runtime: StoreRuntime,
    report: OpenReport,
    diskDescription: String,
    sharing: BackgroundSharing?
  ) {
    self.runtime = runtime
    self.report = report
    self.diskDescription = diskDescription
    self.sharing = sharing
  }

  /// Stores bytes, and returns what they are stored as.
  ///
  /// For bytes that are in memory anyway; larger things go through
  /// ``makeWriter(durability:byteCount:digests:)``.
  ///
  /// - Parameters:
  ///   - bytes: the blob.
  ///   - durability: what the return of this call promises.
  ///   - digests: what else the bytes are hashed to, beside their SHA-256 and at the same time, on
  ///     the store's workers. The answer has them, whether the blob is new or not, and they are
  ///     kept with the blob, where a store that is not full had none of them.
  ///   - expecting: the SHA-256 that the bytes must have.
  /// - Returns: the blob's name and sizes, and whether it is new.
  /// - Throws: ``EngineError/digestMismatch(expected:actual:)``, with nothing stored;
  ///   ``EngineError/storageFull`` or ``EngineError/readOnly(_:)``.
  public func put(
    _ bytes: [UInt8],
    durability: Durability = .flushed,
    digests: DigestKinds = [],
    expecting: SHA256Digest? = nil
  ) async throws(EngineError) -> BlobInfo {
    try await plain.put(bytes, durability: durability, digests: digests, expecting: expecting)
  }

  /// Begins a blob whose bytes come bit by bit, in constant memory.
  ///
  /// - Parameters:
  ///   - durability: what the return of ``BlobWriter/finish(expecting:)`` promises.
  ///   - byteCount: how many bytes there will be, where that is known. Then a store without room
  ///     for them says so here, before anybody has sent them. No room is set aside: it may be gone
  ///     when the bytes come.
  ///   - digests: what else the bytes are hashed to, as for
  ///     ``put(_:durability:digests:expecting:)``.
  /// - Returns: a writer, which is to be finished or cancelled.
  /// - Throws: ``EngineError/storageFull``, ``EngineError/tooLarge(limit:)``,
  ///   ``EngineError/readOnly(_:)`` or ``EngineError/closed``.
  public func makeWriter(
    durability: Durability = .flushed,
    byteCount: UInt64? = nil,
    digests: DigestKinds = []
  ) async throws(EngineError) -> BlobWriter {
    try await plain.makeWriter(durability: durability, byteCount: byteCount, digests: digests)
  }

  /// Opens a blob, or the part of it inside `range`, for reading.
  ///
  /// - Parameters:
  ///   - key: the blob's SHA-256.
  ///   - range: the part to read, in bytes; what lies beyond the blob's end is left out.
  /// - Returns: a reader, or nil when the store does not have the blob.
  /// - Throws: ``EngineError/damaged(key:_:)`` when the stored bytes are not what was put.
  public func makeReader(
    for key: SHA256Digest,
    range: Range<UInt64>? = nil
  ) async throws(EngineError) -> BlobReader? {
    try await plain.makeReader(for: key, range: range)
  }

  /// Reads a small blob, or the part of it inside `range`, into memory.
  ///
  /// - Parameters:
  ///   - key: the blob's SHA-256.
  ///   - range: the part to read, in bytes; what lies beyond the blob's end is left out.
  /// - Returns: the bytes, or nil when the store does not have the blob.
  /// - Throws: ``EngineError/damaged(key:_:)`` when the stored bytes are not what was put.
  public func get(
    _ key: SHA256Digest,
    range: Range<UInt64>? = nil
  ) async throws(EngineError) -> [UInt8]? {
    try await plain.get(key, range: range)
  }

  /// Reads many small blobs into memory, together.
  ///
  /// - Parameter keys: the SHA-256 of each blob; one may come more than once.
  /// - Returns: for each key in the order of `keys` the blob's bytes, nil when the store does not
  ///   have it, or the ``EngineError/damaged(key:_:)`` that ``get(_:range:)`` would throw: one
  ///   damaged blob spoils no other.
  public func get(_ keys: [SHA256Digest]) async -> [Result<[UInt8]?, EngineError>] {
    await plain.get(keys)
  }

  /// Returns what is known of a blob without reading its bytes, or nil when it is not there.
  ///
  /// - Parameter key: the blob's SHA-256.
  /// - Returns: the blob's sizes and the digests that it is stored with; `wasNew` is false.
  /// - Throws: ``EngineError/closed``, or what the disk refused.
  public func stat(_ key: SHA256Digest) async throws(EngineError) -> BlobInfo? {
    try await plain.stat(key)
  }

  /// Deletes a blob, durably.
  ///
  /// - Parameter key: the blob's SHA-256.
  /// - Returns: whether it was there.
  /// - Throws: ``EngineError/readOnly(_:)`` or ``EngineError/closed``.
  public func delete(_ key: SHA256Digest) async throws(EngineError) -> Bool {
    try await plain.delete(key)
  }

  /// Lets a deleted blob be there again, durably, whose bytes are kept still: at least until
  /// ``StoreOptions/deletionDelayMilliseconds`` are over, as long as the store is not full.
  ///
  /// Costs a write of the blob's record: of its bytes, up to 256 KiB of them, or of the list of its
  /// pieces. A collector leaves it alone for a while, as if it had just been put. Right after an
  /// open this waits until the deletes before it are known.
  ///
  /// - Parameter key: the blob's SHA-256.
  /// - Returns: the blob's sizes, or nil when its bytes are not kept; what is there stays so.
  /// - Throws: ``EngineError/damaged(key:_:)`` when the kept bytes are not what was put,
  ///   ``EngineError/storageFull``, ``EngineError/readOnly(_:)`` or ``EngineError/closed``.
  @discardableResult
  public func undelete(_ key: SHA256Digest) async throws(EngineError) -> BlobInfo? {
    try await plain.undelete(key)
  }

  /// Returns the part of the store that is encrypted with a key.
  ///
  /// Nothing is written for it before its first blob; then the store says in its first page that
  /// builds that know of no encryption must leave it alone. For as long as somebody holds the key,
  /// and has not forgotten it, the store uses it for what goes on in the background, too.
  ///
  /// - Parameter key: the scope's key. Another one finds nothing.
  /// - Returns: a view of the store, which may be made any number of times.
  public func scoped(by key: DataKey) -> BlobScope { BlobScope(runtime, key: key) }

  /// What the cache of small blobs holds, and what it was good for.
  public var cacheUsage: CacheUsage { runtime.cache?.usage ?? CacheUsage() }

  /// The part of the store that is not encrypted: what the store's own methods work on.
  public var plain: BlobScope { BlobScope(runtime, key: nil) }

  /// Marks this moment for ``delete(_:ifUntouchedSince:)``.
  ///
  /// - Throws: ``EngineError/closed``.
  public func collectionMark() async throws(EngineError) -> CollectionMark {
    guard case .token(let token) = try await runtime.inbox.ask(.token) else {
      preconditionFailure("the engine answers in kind")
    }
    return CollectionMark(token: token)
  }

  /// Deletes a blob that nothing refers to, unless somebody may be about to refer to it.
  ///
  /// For a collector, which takes a mark, then looks which blobs nothing refers to, then deletes
  /// those. A blob that was put after the mark, or that a put has found there since, or to which
  /// either happened within ``StoreOptions/graceMilliseconds``, stays. So no upload ever has to
  /// wait for a collector, and none loses its bytes to one.
  ///
  /// - Parameters:
  ///   - key: the blob's SHA-256.
  ///   - mark: what ``collectionMark()`` gave before the references were looked up. A mark of an
  ///     earlier open of the store keeps everything.
  /// - Returns: what became of it.
  /// - Throws: ``EngineError/readOnly(_:)`` or ``EngineError/closed``.
  public func delete(
    _ key: SHA256Digest,
    ifUntouchedSince mark: CollectionMark
  ) async throws(EngineError) -> CollectionResult {
    try await plain.delete(key, ifUntouchedSince: mark)
  }

  /// Finishes what is under way, marks the store as cleanly closed and gives the directory back.
  ///
  /// Later calls, here and on the store's writers and readers, throw ``EngineError/closed``.
  /// Closing twice is no mistake. A store that nobody refers to any more closes by itself, in its
  /// own time.
  public func close() async {
    sharing?.end()
    _ = await withCheckedContinuation {
      (continuation: CheckedContinuation<EngineAnswer, Never>) in
      runtime.inbox.close(.task(continuation))
    }
  }
}
