import Codec

/// Where a writer stands.
struct WriterState: Sendable {
  enum Phase: Sendable {
    /// All bytes so far are in the open piece.
    case small
    case growing(UploadID)
    case finished(BlobInfo)
    case cancelled
    case failed(EngineError)
  }

  var phase = Phase.small
  /// The SHA-256 of all pieces but the open one.
  var hash = SHA256Stream()
  /// What all bytes hash to, once no more are to come.
  var written: WrittenBlob?
  /// The piece that is being filled.
  var open: [UInt8] = []
  /// Where in the blob the open piece begins, in bytes.
  var openOffset: UInt64 = 0
  /// How many pieces were put on their way.
  private(set) var shippedCount = 0
  /// The pieces on their way to the log, with their places in the blob.
  private(set) var underWay: [(offset: UInt64, bytes: ArraySlice<UInt8>)] = []
  /// The bytes of the blob that are in the log, from its beginning.
  private(set) var loggedByteCount: UInt64 = 0

  /// All bytes written so far.
  var byteCount: UInt64 { openOffset + UInt64(open.count) }

  /// Why no more bytes are taken, or nil.
  var refusalOfBytes: EngineError? { refusal ?? (written == nil ? nil : .writerClosed) }

  /// Why the writer is of no more use, or nil.
  var refusal: EngineError? {
    switch phase {
    case .small, .growing: nil
    case .finished, .cancelled: .writerClosed
    case .failed(let error): error
    }
  }

  /// Moves bytes to the open piece, as many as there is room for.
  mutating func fill(_ rest: inout ArraySlice<UInt8>, upTo limit: Int) {
    let count = min(limit - open.count, rest.count)
    // Growing bit by bit would copy a piece twice.
    if case .growing = phase, open.isEmpty { open.reserveCapacity(limit) }
    open.append(contentsOf: rest.prefix(count))
    rest = rest.dropFirst(count)
  }

  /// Puts the open piece on its way.
  mutating func ship(_ piece: ArraySlice<UInt8>) {
    underWay.append((openOffset, piece))
    shippedCount += 1
    openOffset += UInt64(piece.count)
    open = []
  }

  /// Takes note of how much is in the log.
  mutating func settle(_ readableByteCount: UInt64) {
    loggedByteCount = max(loggedByteCount, readableByteCount)
    underWay.removeAll { $0.offset + UInt64($0.bytes.count) <= loggedByteCount }
  }

  mutating func end(as phase: Phase) {
    self.phase = phase
    open = []
    underWay = []
  }

  /// Returns bytes from `offset` on that are in memory and not yet in the log, at most `count`.
  func bytesInMemory(at offset: UInt64, upTo count: Int) -> [UInt8]? {
    for piece in underWay + [(openOffset, open[...])] {
      guard offset >= piece.offset, offset - piece.offset < UInt64(piece.bytes.count) else {
        continue
      }
      return Array(piece.bytes.dropFirst(Int(offset - piece.offset)).prefix(count))
    }
    return nil
  }
}
