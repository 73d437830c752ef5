public import Bytes
import Codec

extension BlobScope {
  /// Returns digests of a blob of the scope, as ``BlobStore/digests(of:_:)`` does.
  ///
  /// - Parameters:
  ///   - key: the blob's SHA-256.
  ///   - kinds: the digests that are wanted.
  /// - Returns: those digests, or nil when the scope does not have the blob.
  /// - Throws: what ``BlobStore/digests(of:_:)`` throws, or ``EngineError/keyUnavailable(_:)``.
  public func digests(
    of key: SHA256Digest,
    _ kinds: DigestKinds
  ) async throws(EngineError) -> BlobDigests? {
    while true {
      guard let info = try await stat(key) else { return nil }
      let missing = kinds.subtracting(info.digests.kinds)
      guard !missing.isEmpty else { return info.digests.limited(to: kinds) }
      let name = try name(of: key)
      let making = runtime.lateDigests.join(missing, of: name) {
        await make(missing, of: key, beside: info.digests)
      }
      let made = await making.outcome.value
      // Who waits for others than are being made asks once more.
      guard making.kinds.isSuperset(of: missing) else { continue }
      return try made.get()?.union(info.digests).limited(to: kinds)
    }
  }

  /// Makes digests by reading the blob, and keeps them with it where the store takes them.
  private func make(
    _ kinds: DigestKinds,
    of key: SHA256Digest,
    beside known: BlobDigests
  ) async -> Result<BlobDigests?, EngineError> {
    do throws(EngineError) {
      guard let digests = try await hashed(kinds, key) else { return .success(nil) }
      let name = try name(of: key)
      let all = try preparer().digests(digests.union(known), of: name)
      // They are right, whether the store has room for them or not.
      do { _ = try await runtime.inbox.ask(.enrich(name, all)) } catch {}
      return .success(digests)
    } catch {
      return .failure(error)
    }
  }

  /// Hashes a stored blob, its SHA-256 too: what is kept is true of the bytes that were put.
  private func hashed(
    _ kinds: DigestKinds,
    _ key: SHA256Digest
  ) async throws(EngineError) -> BlobDigests? {
    guard let reader = try await makeReader(for: key) else { return nil }
    let lines = DigestLines(kinds, runtime.workers)
    let window = ByteBudget(limit: BlobWriter.piecesUnderWay * runtime.preparer.extentByteCount)
    var hash = SHA256Stream()
    while let piece = try await reader.next() {
      await window.take(piece.count)
      lines.add(piece[...]) { window.give(piece.count) }
      let sofar = hash
      hash = await runtime.workers.run(over: piece.count) {
        var hash = sofar
        hash.update(piece.span)
        return hash
      }
    }
    let digests = await lines.finish()
    guard hash.digest() == key else {
      throw .damaged(key: key, BlobDamage(.encoding, slot: .max, offset: 0))
    }
    return digests
  }
}

extension BlobStore {
  /// Returns digests of a blob beside its SHA-256, making those that it is not stored with.
  ///
  /// What the blob was put with costs one read of the device. The rest is made by reading the whole
  /// blob, at the rate of the slowest digest (0.77 GB/s), once for all who ask at the same
  /// time, and is kept with the blob: its record, of at most 1 MiB, is written once more, flushed.
  /// A store that is full or read-only does not keep it, and makes it again the next time.
  ///
  /// - Parameters:
  ///   - key: the blob's SHA-256.
  ///   - kinds: the digests that are wanted.
  /// - Returns: those digests, or nil when the store does not have the blob.
  /// - Throws: ``EngineError/damaged(key:_:)`` when the stored bytes are not what was put.
  public func digests(
    of key: SHA256Digest,
    _ kinds: DigestKinds
  ) async throws(EngineError) -> BlobDigests? {
    try await plain.digests(of: key, kinds)
  }
}
