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
  private let digests: DigestLines
  /// Lets one task at a time change the writer.
  private let turn = ByteBudget(limit: 1)
  private let window: ByteBudget

  init(_ scope: BlobScope, _ durability: Durability, _ kinds: DigestKinds) {
    self.scope = scope
    self.durability = durability
    digests = DigestLines(kinds, scope.runtime.workers)
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
  ///   completed, finished or cancelled.
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

  /// Ends the writing, and tells what all bytes hash to before they are a blob.
  ///
  /// For callers who decide by the digests whether there is to be a blob: ``finish(expecting:)``
  /// makes it one, ``cancel()`` gives it up. What was written can be read meanwhile.
  ///
  /// - Returns: the SHA-256, the size, and the digests that the writer was made for.
  /// - Throws: what went wrong with the bytes, or ``EngineError/writerClosed``.
  public func complete() async throws(EngineError) -> WrittenBlob {
    await turn.take(1)
    defer { turn.give(1) }
    do throws(EngineError) {
      return try await completed()
    } catch {
      throw fail(error)
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
  /// Takes a piece out that is full when more is to come.
  ///
  /// A full piece stays open until then, because the last piece of a blob that turns out to be
  /// small is no piece but the blob. Of many bytes at once pieces are parts, and nothing is copied.
  private func take(_ rest: inout ArraySlice<UInt8>) throws(EngineError) -> ArraySlice<UInt8>? {
    let extentByteCount = runtime.preparer.extentByteCount
    let result = state.withLock { state -> Result<ArraySlice<UInt8>?, EngineError> in
      if let refusal = state.refusalOfBytes { return .failure(refusal) }
      if state.open.isEmpty, rest.count > extentByteCount {
        defer { rest = rest.dropFirst(extentByteCount) }
        return .success(rest.prefix(extentByteCount))
      }
      state.fill(&rest, upTo: extentByteCount)
      return .success(rest.isEmpty ? nil : state.open[...])
    }
    return try result.get()
  }

  /// Hashes and compresses a piece, and sends it on its way to the log.
  ///
  /// The piece is shared by all who work on it, and counts against the window until the last of
  /// them has done with it.
  private func ship(_ piece: ArraySlice<UInt8>) async throws(EngineError) {
    let upload = try await begin(probing: piece)
    let credit = await credit(for: piece.count)
    let preparer: Preparer
    do throws(EngineError) {
      preparer = try scope.preparer()
    } catch {
      credit.spend(of: 2)
      throw error
    }
    let (hash, number, offset) = state.withLock { ($0.hash, $0.shippedCount, $0.openOffset) }
    digests.add(piece) { credit.spend() }
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
        credit.spend()
        settle(answer)
      }
    )
    if let refusal { throw refusal }
  }

  /// Waits for room for a piece, which the log and the digests hold until each has done with it.
  private func credit(for byteCount: Int) async -> PieceCredit {
    await window.take(byteCount)
    await runtime.budget.take(byteCount)
    return PieceCredit(holders: 2) { [window, runtime] in
      runtime.budget.give(byteCount)
      window.give(byteCount)
    }
  }

  private func settle(_ answer: EngineAnswer) {
    switch answer {
    case .success(.appended(let readable)): state.withLock { $0.settle(readable) }
    case .success: preconditionFailure("the engine answers in kind")
    case .failure(let error): _ = fail(error)
    }
  }

  /// Makes the writer's bytes an upload of the engine's, if they are not one yet.
  private func begin(probing piece: ArraySlice<UInt8>) async throws(EngineError) -> UploadID {
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
    let (phase, open, written, refusal) = state.withLock {
      ($0.phase, $0.open, $0.written, $0.refusal)
    }
    if let refusal { throw refusal }
    guard case .growing(let upload) = phase else {
      let record = SmallPut(open, durability, digests: digests.kinds, known: written)
      return try await scope.put(record, expecting: expecting)
    }
    let blob = try await completed()
    let key = blob.key
    if let expecting, expecting != key {
      throw .digestMismatch(expected: expecting, actual: key)
    }
    let preparer = try scope.preparer()
    let count = state.withLock { $0.shippedCount }
    var name = preparer.name(key, of: upload, extentCount: count, byteCount: blob.byteCount)
    name.digests = preparer.digests(blob.digests, of: name.key)
    guard case .stored(let info) = try await runtime.inbox.ask(.finishUpload(upload, name))
    else { preconditionFailure("the engine answers in kind") }
    return info.named(key, with: blob.digests)
  }

  /// What all bytes hash to; from now on no more are taken.
  private func completed() async throws(EngineError) -> WrittenBlob {
    let (phase, open, written, refusal) = state.withLock {
      ($0.phase, $0.open, $0.written, $0.refusal)
    }
    if let refusal { throw refusal }
    if let written { return written }
    let blob: WrittenBlob
    if case .growing = phase {
      try await ship(open[...])
      let digests = await digests.finish()
      blob = state.withLock { state in
        WrittenBlob(key: state.hash.digest(), byteCount: state.byteCount, digests: digests)
      }
    } else {
      digests.add(open[...]) {}
      let key = await runtime.workers.run(over: open.count) { SHA256Stream.digest(of: open.span) }
      blob = WrittenBlob(
        key: key,
        byteCount: UInt64(open.count),
        digests: await digests.finish()
      )
    }
    state.withLock { $0.written = blob }
    return blob
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
