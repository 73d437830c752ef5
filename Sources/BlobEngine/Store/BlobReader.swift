import Bytes
import Synchronization

/// The bytes of a blob, or of a part of it, a piece at a time and in constant memory.
///
/// Each piece was verified against its checksum. While the caller is busy with one piece, the next
/// is read. A reader keeps what it reads from being reclaimed, so let go of it when done.
public final class BlobReader: Sendable {
  /// The whole blob's name and sizes.
  public let info: BlobInfo
  /// The part of the blob that the pieces make up together, in bytes.
  public let range: Range<UInt64>
  /// Whether ``nextFrames()`` makes fewer bytes than ``next()``: the reader is of a whole blob, and
  /// it is stored compressed, or so much of it that something is saved.
  public let isCompressed: Bool

  private enum Ahead: Sendable {
    case bytes([UInt8])
    case piece(StoredPiece)
    case promised(Promise)
    case ended
    case failed(EngineError)
  }

  let scope: BlobScope
  private let reader: ReaderID?
  private let ahead: Mutex<Ahead>
  let turn = ByteBudget(limit: 1)
  /// With what the first piece may be kept in memory, when it is all of a small blob.
  private let ticket: SmallBlobCache.Ticket?

  init(
    _ scope: BlobScope,
    _ key: SHA256Digest,
    first piece: StoredPiece,
    asked: Range<UInt64>?,
    _ look: SmallBlobCache.Look?
  ) {
    guard let info = piece.info else { preconditionFailure("the first piece says whose it is") }
    self.scope = scope
    self.info = info.named(key)
    range = (asked ?? 0..<info.byteCount).clamped(to: 0..<info.byteCount)
    reader = piece.reader
    ahead = Mutex(piece.byteCount == 0 ? .bytes([]) : .piece(piece))
    let isWhole = range == 0..<info.byteCount
    isCompressed = isWhole && piece.isCompressed(of: info)
    if case .missed(let ticket) = look, isWhole, piece.reader == nil,
      info.byteCount <= SmallBlobCache.blobByteLimit
    {
      self.ticket = ticket
    } else {
      ticket = nil
    }
  }

  /// Reads a blob that is in memory.
  init(
    _ scope: BlobScope,
    _ key: SHA256Digest,
    _ cached: BlobQueues.Cached,
    asked: Range<UInt64>?
  ) {
    self.scope = scope
    info = cached.info.named(key)
    range = (asked ?? 0..<info.byteCount).clamped(to: 0..<info.byteCount)
    reader = nil
    ticket = nil
    let isWhole = range.count == cached.bytes.count
    isCompressed = isWhole && cached.isCompressed
    let bytes =
      isWhole ? cached.bytes : Array(cached.bytes[Int(range.lowerBound)..<Int(range.upperBound)])
    ahead = Mutex(.bytes(bytes))
  }

  deinit {
    if case .ended = ahead.withLock({ $0 }) { return }
    if let reader { scope.runtime.inbox.post(.endRead(reader), to: .nobody) }
  }

  /// Returns the next piece, of at most 1 MiB or so, or nil after the last.
  ///
  /// Tasks that call it at the same time get one piece each.
  ///
  /// - Returns: bytes, never none; nil at the end.
  /// - Throws: ``EngineError/damaged(key:_:)`` when the stored bytes are not what was put; the
  ///   reader is then at its end.
  public func next() async throws(EngineError) -> [UInt8]? {
    await turn.take(1)
    defer { turn.give(1) }
    if let bytes = takeBytes() {
      scope.runtime.metrics?.countGot(bytes.count)
      return bytes.isEmpty ? nil : bytes
    }
    guard let (_, bytes) = try await nextPiece(made: scope.decode) else { return nil }
    if let ticket {
      let cached = BlobQueues.Cached(info: info, bytes: bytes, isCompressed: isCompressed)
      scope.runtime.cache?.keep(cached, ticket)
    }
    return bytes
  }

  /// The pieces that are left, in memory.
  func readAll() async throws(EngineError) -> [UInt8] {
    guard var bytes = try await next() else { return [] }
    bytes.reserveCapacity(range.count)
    while let more = try await next() { bytes += more }
    return bytes
  }

  /// What is in memory, once.
  func takeBytes() -> [UInt8]? {
    ahead.withLock { ahead in
      guard case .bytes(let bytes) = ahead else { return nil }
      ahead = .ended
      return bytes
    }
  }

  /// The next piece, with what `make` makes of it.
  func nextPiece(
    made make: (StoredPiece) async throws(EngineError) -> [UInt8]
  ) async throws(EngineError) -> (StoredPiece, [UInt8])? {
    guard let piece = try await nextPiece() else { return nil }
    readAhead(of: piece)
    do throws(EngineError) {
      let bytes = try await make(piece)
      scope.runtime.metrics?.countGot(piece.byteCount)
      return (piece, bytes)
    } catch {
      let error = error.naming(info.key)
      ahead.withLock { $0 = .failed(error) }
      scope.runtime.metrics?.count(error)
      throw error
    }
  }

  private func nextPiece() async throws(EngineError) -> StoredPiece? {
    switch ahead.withLock({ $0 }) {
    case .piece(let piece): return piece
    case .ended, .bytes: return nil
    case .failed(let error): throw error
    case .promised(let promise):
      switch await promise.value {
      case .success(.piece(let piece)): return piece
      case .success: preconditionFailure("the engine answers in kind")
      case .failure(let failure):
        let error = failure.naming(info.key)
        ahead.withLock { $0 = .failed(error) }
        throw error
      }
    }
  }

  /// Asks for the piece after this one, so that the disk works while the caller does.
  private func readAhead(of piece: StoredPiece) {
    guard let reader = piece.reader else {
      ahead.withLock { $0 = .ended }
      return
    }
    let promise = Promise()
    ahead.withLock { $0 = .promised(promise) }
    scope.runtime.inbox.post(.readOn(reader), to: .handler { promise.fulfil($0) })
  }
}
