import Synchronization

extension BlobWriter {
  /// How many bytes of the blob can be read, from its beginning: all that were written.
  public var readableByteCount: UInt64 {
    state.withLock { state in
      if case .finished(let info) = state.phase { return info.byteCount }
      return state.byteCount
    }
  }

  /// Reads bytes of the growing blob; works on after ``finish(expecting:)``, not after a failure.
  ///
  /// - Parameters:
  ///   - offset: where to begin, in bytes from the blob's beginning.
  ///   - count: the most bytes to return; fewer may come, and none only at or beyond
  ///     ``readableByteCount``.
  /// - Returns: bytes from `offset` on.
  /// - Throws: ``EngineError/writerClosed`` after the writer was cancelled, what made it fail, or
  ///   what went wrong with the reading.
  public func read(at offset: UInt64, upTo count: Int) async throws(EngineError) -> [UInt8] {
    guard count > 0 else { return [] }
    switch state.withLock({ $0.source(of: offset, upTo: count) }) {
    case .nothing: return []
    case .memory(let bytes): return bytes
    case .refused(let error): throw error
    case .upload(let upload): return try await read(upload, at: offset, upTo: count)
    case .blob(let info): return try await read(info, at: offset, upTo: count)
    }
  }

  private func read(
    _ upload: UploadID,
    at offset: UInt64,
    upTo count: Int
  ) async throws(EngineError) -> [UInt8] {
    let request = EngineRequest.readUpload(upload, offset: offset, byteCount: count)
    do throws(EngineError) {
      switch try await runtime.inbox.ask(request) {
      case .piece(let piece): return try await scope.decode(piece)
      case .absent: break
      default: preconditionFailure("the engine answers in kind")
      }
    } catch .writerClosed where !runtime.inbox.isClosing {
      // As below.
    } catch {
      throw runtime.sharpened(error)
    }
    // The upload became a blob, or was given up, between the question and the answer, and the
    // writer is about to know.
    await Task.yield()
    return try await read(at: offset, upTo: count)
  }

  private func read(
    _ info: BlobInfo,
    at offset: UInt64,
    upTo count: Int
  ) async throws(EngineError) -> [UInt8] {
    let range = offset..<min(info.byteCount, offset + UInt64(count))
    switch try await runtime.inbox.ask(.read(try scope.name(of: info.key), range: range)) {
    case .piece(let piece):
      if let reader = piece.reader { runtime.inbox.post(.endRead(reader), to: .nobody) }
      return try await scope.decode(piece)
    // Deleted meanwhile.
    case .absent: throw .writerClosed
    default: preconditionFailure("the engine answers in kind")
    }
  }
}

extension WriterState {
  /// Where bytes of the blob are to be had.
  enum Source: Sendable {
    case nothing
    case memory([UInt8])
    case upload(UploadID)
    case blob(BlobInfo)
    case refused(EngineError)
  }

  func source(of offset: UInt64, upTo count: Int) -> Source {
    switch phase {
    case .finished(let info): return offset < info.byteCount ? .blob(info) : .nothing
    case .cancelled: return .refused(.writerClosed)
    case .failed(let error): return .refused(error)
    case .small, .growing: break
    }
    if let bytes = bytesInMemory(at: offset, upTo: count) { return .memory(bytes) }
    if case .growing(let upload) = phase, offset < loggedByteCount { return .upload(upload) }
    return .nothing
  }
}
