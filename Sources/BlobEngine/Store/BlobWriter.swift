public import Bytes
import Codec
import Synchronization

/// A blob in the making: bytes go in as they come, and the blob is there once they are all in.
///
/// Uses constant memory, whatever the blob's size: one piece of at most 1 MiB that is being
/// filled, and up to four on their way to the disk. Nothing can be found under the blob's name
/// before ``finish(expecting:)`` has returned; what is written can be read through
/// ``read(at:upTo:)`` at once, by the writer's holders.
///
/// One task writes; others may read. Calls that change the writer wait for one another. A writer
/// that nobody refers to any more is cancelled.
public final class BlobWriter: Sendable {
  /// The pieces on their way to the disk at most.
  static let piecesUnderWay = 4

  let scope: BlobScope
  let durability: Durability
  let state: Mutex<WriterState>
  /// Lets one task at a time change the writer.
  private let turn = ByteBudget(limit: 1)
  private let window: ByteBudget

  init(_ scope: BlobScope, _ durability: Durability) {
    self.scope = scope
    self.durability = durability
    state = Mutex(WriterState())
    window = ByteBudget(
      limit: Self.piecesUnderWay * scope.runtime.preparer.extentByteCount
    )
  }

  var runtime: StoreRuntime { scope.runtime }

  deinit {
    state.withLock { state in
      guard case .growing(let upload) = state.phase else { return }
      runtime.inbox.post(.cancelUpload(upload), to: .nobody)
    }
  }

  /// Adds bytes to the end.
  ///
  /// Returns once they are taken over, which may be long before they are on the disk; when the
  /// disk falls behind, it waits.
  ///
  /// - Parameter bytes: any number of them.
  /// - Throws: ``EngineError/storageFull`` and whatever else went wrong with these or earlier
  ///   bytes; the writer is then of no more use. ``EngineError/writerClosed`` after it was
  ///   finished or cancelled.
  public func write(_ bytes: [UInt8]) async throws(EngineError) {
    await turn.take(1)
    defer { turn.give(1) }
    var rest = bytes[...]
    while true {
      guard let piece = try take(&rest) else { return }
      do throws(EngineError) {
        try await ship(piece)
      } catch {
        throw fail(error)
      }
    }
  }

  /// Makes the bytes a blob.
  ///
  /// - Parameter expecting: the SHA-256 that the bytes must have.
  /// - Returns: the blob's name and sizes, and whether it is new.
  /// - Throws: ``EngineError/digestMismatch(expected:actual:)``, with nothing stored, or what went
  ///   wrong with the bytes. The writer is of no more use either way.
  public func finish(expecting: SHA256Digest? = nil) async throws(EngineError) -> BlobInfo {
    await turn.take(1)
    defer { turn.give(1) }
    do throws(EngineError) {
      let info = try await runtime.timed(.put) { () async throws(EngineError) in
        try await end(expecting)
      }
      runtime.metrics?.countPut(info.byteCount)
      state.withLock { $0.end(as: .finished(info)) }
      return info
    } catch {
      throw fail(error)
    }
  }

  /// Gives the blob up; does nothing after ``finish(expecting:)``.
  public func cancel() async {
    await turn.take(1)
    defer { turn.give(1) }
    abandon(as: .cancelled)
  }
}

// MARK: - Pieces

extension BlobWriter {
  /// Fills the open piece, and takes it out when it is full and more is to come.
  ///
  /// A full piece stays open until then, because the last piece of a blob that turns out to be
  /// small is no piece but the blob.
  private func take(_ rest: inout ArraySlice<UInt8>) throws(EngineError) -> [UInt8]? {
    let extentByteCount = runtime.preparer.extentByteCount
    let result = state.withLock { state -> Result<[UInt8]?, EngineError> in
      if let refusal = state.refusal { return .failure(refusal) }
      let count = min(extentByteCount - state.open.count, rest.count)
      state.open.append(contentsOf: rest.prefix(count))
      rest = rest.dropFirst(count)
      return .success(rest.isEmpty ? nil : state.open)
    }
    return try result.get()
  }

  /// Hashes and compresses a piece, and sends it on its way to the log.
  private func ship(_ piece: [UInt8]) async throws(EngineError) {
    let upload = try await begin(probing: piece)
    await window.take(piece.count)
    await runtime.budget.take(piece.count)
    let (hash, number, offset) = state.withLock { ($0.hash, $0.shippedCount, $0.openOffset) }
    let preparer: Preparer
    do throws(EngineError) {
      preparer = try scope.preparer()
    } catch {
      runtime.budget.give(piece.count)
      window.give(piece.count)
      throw error
    }
    let (newHash, extent) = await runtime.workers.run(over: piece.count) {
      var hash = hash
      hash.update(piece.span)
      return (hash, preparer.extent(piece, of: upload, ordinal: number, offset: offset))
    }
    let refusal = state.withLock { state in
      state.hash = newHash
      state.ship(piece)
      return state.refusal
    }
    runtime.inbox.post(
      .append(upload, extent),
      to: .handler { [self] answer in
        runtime.budget.give(piece.count)
        window.give(piece.count)
        settle(answer)
      }
    )
    if let refusal { throw refusal }
  }

  private func settle(_ answer: EngineAnswer) {
    switch answer {
    case .success(.appended(let readable)): state.withLock { $0.settle(readable) }
    case .success: preconditionFailure("the engine answers in kind")
    case .failure(let error): _ = fail(error)
    }
  }

  /// Makes the writer's bytes an upload of the engine's, if they are not one yet.
  private func begin(probing piece: [UInt8]) async throws(EngineError) -> UploadID {
    if case .growing(let upload) = state.withLock({ $0.phase }) { return upload }
    try await scope.announce()
    let probe = try scope.preparer().probe(piece.span.extracting(0..<min(piece.count, 64 << 10)))
    let answer = try await runtime.inbox.ask(.beginUpload(durability, probe: probe))
    guard case .upload(let upload, _) = answer else {
      preconditionFailure("the engine answers in kind")
    }
    state.withLock { $0.phase = .growing(upload) }
    return upload
  }
}

// MARK: - The end

extension BlobWriter {
  private func end(_ expecting: SHA256Digest?) async throws(EngineError) -> BlobInfo {
    let (phase, open, refusal) = state.withLock { ($0.phase, $0.open, $0.refusal) }
    if let refusal { throw refusal }
    guard case .growing(let upload) = phase else {
      return try await scope.putRecord(open, durability, expecting: expecting)
    }
    try await ship(open)
    let (key, extentCount, byteCount) = state.withLock {
      ($0.hash.digest(), $0.shippedCount, $0.byteCount)
    }
    if let expecting, expecting != key {
      throw .digestMismatch(expected: expecting, actual: key)
    }
    let name = try scope.preparer()
      .name(key, of: upload, extentCount: extentCount, byteCount: byteCount)
    guard case .stored(let info) = try await runtime.inbox.ask(.finishUpload(upload, name))
    else { preconditionFailure("the engine answers in kind") }
    return info.named(key)
  }

  /// Gives the bytes up for a reason, and returns it.
  private func fail(_ error: EngineError) -> EngineError {
    let reason = runtime.sharpened(error)
    abandon(as: .failed(reason))
    return reason
  }

  /// Gives the bytes up, unless they are a blob by now or were given up before.
  private func abandon(as end: WriterState.Phase) {
    state.withLock { state in
      guard state.refusal == nil else { return }
      if case .growing(let upload) = state.phase {
        runtime.inbox.post(.cancelUpload(upload), to: .nobody)
      }
      state.end(as: end)
    }
  }
}
