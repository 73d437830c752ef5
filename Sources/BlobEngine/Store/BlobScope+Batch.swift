public import Bytes

extension BlobScope {
  /// How many blobs of a batch are on their way from the disk at a time: enough to keep a fast
  /// device busy, and at most 64 MiB of first pieces.
  private static let batchDepth = 64

  /// Reads many small blobs of the scope into memory, together.
  ///
  /// The engine takes the requests in turns of up to 64 and the disk gets the reads of a turn at
  /// once, so that a batch costs little more than its slowest read where one call after the other
  /// would wait for each.
  ///
  /// - Parameter keys: the SHA-256 of each blob; one may come more than once.
  /// - Returns: for each key in the order of `keys` the blob's bytes, nil when the scope does not
  ///   have it, or what ``makeReader(for:range:)`` would throw: one damaged blob spoils no other.
  public func get(_ keys: [SHA256Digest]) async -> [Result<[UInt8]?, EngineError>] {
    var results: [Result<[UInt8]?, EngineError>] = []
    results.reserveCapacity(keys.count)
    var asked: [Asked] = []
    for (index, key) in keys.enumerated() {
      // Half of the depth is asked for at a time, while the other half is on its way.
      if asked.count == index || asked.count - index == Self.batchDepth / 2 {
        let more = keys[asked.count...].prefix(Self.batchDepth - (asked.count - index))
        asked += ask(for: more)
      }
      results.append(await result(of: asked[index], key))
      // A promise holds its piece: it is let go of with the result.
      asked[index] = .refused(.closed)
    }
    return results
  }

  /// What became of one key's request.
  private enum Asked {
    case inMemory([UInt8])
    case promised(Promise, SmallBlobCache.Look?)
    case refused(EngineError)
  }

  private func ask(for keys: ArraySlice<SHA256Digest>) -> [Asked] {
    var calls: [Inbox.Call] = []
    let asked = keys.map { key in
      do throws(EngineError) { return try ask(for: key, by: &calls) } catch {
        return .refused(error)
      }
    }
    runtime.inbox.post(calls)
    return asked
  }

  private func ask(
    for key: SHA256Digest,
    by calls: inout [Inbox.Call]
  ) throws(EngineError) -> Asked {
    let name = try name(of: key)
    let look = try look(for: name)
    if case .found(let cached) = look { return .inMemory(cached.bytes) }
    let promise = Promise()
    let addressee = Addressee.handler { promise.fulfil($0) }
    calls.append(Inbox.Call(request: .read(name, range: nil), addressee: addressee))
    return .promised(promise, look)
  }

  private func result(
    of asked: Asked,
    _ key: SHA256Digest
  ) async -> Result<[UInt8]?, EngineError> {
    switch asked {
    case .inMemory(let bytes):
      runtime.metrics?.countGot(bytes.count)
      return .success(bytes)
    case .refused(let error): return .failure(error)
    case .promised(let promise, let look): return await result(of: promise, look, key)
    }
  }

  private func result(
    of promise: Promise,
    _ look: SmallBlobCache.Look?,
    _ key: SHA256Digest
  ) async -> Result<[UInt8]?, EngineError> {
    do throws(EngineError) {
      switch try await answer(of: promise) {
      case .absent: return .success(nil)
      case .piece(let piece): return .success(try await bytes(of: key, from: piece, look))
      default: preconditionFailure("the engine answers in kind")
      }
    } catch {
      return .failure(error.naming(key))
    }
  }

  private func answer(of promise: Promise) async throws(EngineError) -> EngineReply {
    do throws(EngineError) { return try await promise.value.get() } catch {
      runtime.metrics?.count(error)
      throw error
    }
  }

  /// The bytes of a blob whose first piece has come.
  private func bytes(
    of key: SHA256Digest,
    from piece: StoredPiece,
    _ look: SmallBlobCache.Look?
  ) async throws(EngineError) -> [UInt8] {
    // Of an empty blob nothing is read, so that what says that it is empty is verified here.
    if piece.byteCount == 0 { _ = try await decode(piece) }
    return try await BlobReader(self, key, first: piece, asked: nil, look).readAll()
  }
}
