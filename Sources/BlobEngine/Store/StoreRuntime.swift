import Bytes

/// What a store, its writers and its readers share.
///
/// It lives until the last of them has gone, and then lets the engine's thread end.
final class StoreRuntime: Sendable {
  let inbox: Inbox
  let workers: WorkerPool
  let preparer: Preparer
  /// The bytes of puts between here and the disk.
  let budget: ByteBudget

  init(inbox: Inbox, workers: WorkerPool, preparer: Preparer, bufferedByteLimit: Int) {
    self.inbox = inbox
    self.workers = workers
    self.preparer = preparer
    budget = ByteBudget(limit: bufferedByteLimit)
  }

  deinit {
    inbox.close(.nobody)
  }

  /// Returns a piece's bytes, decompressed on a worker where that takes long.
  func decode(_ piece: StoredPiece) async throws(EngineError) -> [UInt8] {
    let isCompressed = piece.frames.contains { $0.isCompressed }
    return try await workers.run(over: isCompressed ? piece.byteCount : 0) {
      Result { () throws(EngineError) in try piece.decoded() }
    }.get()
  }

  /// Says that the store is closed where the engine says that it gave an upload up for that.
  func sharpened(_ error: EngineError) -> EngineError {
    error == .writerClosed && inbox.isClosing ? .closed : error
  }

  /// Stores a blob that is one record.
  func put(
    _ bytes: [UInt8],
    _ durability: Durability,
    expecting: SHA256Digest?
  ) async throws(EngineError) -> BlobInfo {
    await budget.take(bytes.count)
    defer { budget.give(bytes.count) }
    let preparer = preparer
    let blob = await workers.run(over: bytes.count) { preparer.blob(bytes) }
    if let expecting, expecting != blob.key {
      throw .digestMismatch(expected: expecting, actual: blob.key)
    }
    guard case .stored(let info) = try await inbox.ask(.put(blob, durability)) else {
      preconditionFailure("the engine answers in kind")
    }
    return info
  }
}
