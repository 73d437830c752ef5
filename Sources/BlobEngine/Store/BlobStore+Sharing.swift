public import Bytes

extension BlobStore {
  /// Lets archives share what they have in common: zip archives, such as wheels, jars and nupkgs,
  /// of which one release has most members in common with the next.
  ///
  /// A member's bytes, compressed as they stand in the archive, become a chunk, which is stored
  /// once; the rest of the archive becomes a list of chunks with what lies between them. Nothing is
  /// decompressed. Before the list takes a blob's place, the blob is put together from what is on
  /// the disk and its SHA-256 compared. A blob stays as it is when less than an eighth of it would
  /// be saved. Scopes share nothing with each other: each has a call of its own.
  ///
  /// Puts, gets and deletes go on meanwhile. Reads of a shared blob cost a read of the disk for
  /// each of its chunks. The first call makes the store say that builds that know of no recipes
  /// must leave it alone. ``StoreOptions/sharesMembers`` has all of this done in the background.
  ///
  /// - Parameter keys: the blobs among which to look for common members; those that are no archives
  ///   are left alone. What is known of them is kept in memory meanwhile, about 100 bytes for each
  ///   16 KiB.
  /// - Returns: what came of it.
  /// - Throws: ``EngineError/storageFull``, ``EngineError/readOnly(_:)``, ``EngineError/closed`` or
  ///   what the disk refused. Blobs that were shared before stay so.
  @discardableResult
  public func shareMembers(
    among keys: [SHA256Digest]
  ) async throws(EngineError) -> SharingReport {
    try await plain.shareMembers(among: keys)
  }

  /// Lets archives of scopes that nobody uses share members in the background, too.
  ///
  /// With ``StoreOptions/sharesMembers``, archives of a scope take part in a pass while somebody
  /// holds its key. Who has other keys, wrapped, gives them here: they are asked for at the
  /// beginning of each pass, and held until its end. One that is forgotten meanwhile ends its use.
  ///
  /// - Parameter source: gives the keys that can be had now. It must not keep the store open.
  public func useKeys(from source: @escaping @Sendable () async -> [DataKey]) {
    runtime.keys.ask(source)
  }
}

extension BlobScope {
  /// Lets archives of the scope share what they have in common, as
  /// ``BlobStore/shareMembers(among:)`` does: with one another, and with nothing in other scopes.
  ///
  /// Chunks and the rest of an archive are encrypted as the archive was. Who holds the disk learns
  /// where in an archive its chunks lie, how long they are, and which archives of the scope have
  /// chunks in common.
  ///
  /// - Parameter keys: the blobs among which to look for common members.
  /// - Returns: what came of it.
  /// - Throws: what ``BlobStore/shareMembers(among:)`` throws, or
  ///   ``EngineError/keyUnavailable(_:)``.
  @discardableResult
  public func shareMembers(
    among keys: [SHA256Digest]
  ) async throws(EngineError) -> SharingReport {
    var sharing = MemberSharing(runtime)
    return try await sharing.run(keys, in: self)
  }
}
