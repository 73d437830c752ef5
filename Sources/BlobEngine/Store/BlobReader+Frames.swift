import Codec

extension BlobReader {
  /// Returns the next piece as Zstandard frames (RFC 8878), or nil after the last.
  ///
  /// For a receiver that decompresses by itself, such as an HTTP client that takes the content
  /// coding `zstd`: what is stored compressed is handed out as it is, and costs no decompression
  /// here. The frames of all pieces in their order are one Zstandard stream, which decodes to the
  /// bytes that ``next()`` would give. What is stored otherwise comes in frames that compress
  /// nothing, so the stream is right whether ``isCompressed`` or not; of an empty range it is one
  /// frame with nothing in it. The cut into frames, and so the stream's bytes, may be another one
  /// when the blob was stored anew.
  ///
  /// What is verified: the stored bytes against their checksums, in a scope also the tags of their
  /// encryption, as ``next()`` does; that each frame is whole, says the length that its record
  /// says, needs no dictionary and no window above 8 MiB (RFC 9659). What is not: frames are not
  /// decompressed, so one that was made wrongly before it was stored is found by who opens it.
  ///
  /// A call of ``next()`` in between takes its piece out of the stream.
  ///
  /// - Returns: frames of 1 MiB or so before compression; nil at the end.
  /// - Throws: ``EngineError/damaged(key:_:)`` when the stored bytes are not what was put; the
  ///   reader is then at its end.
  public func nextFrames() async throws(EngineError) -> BlobFrames? {
    await turn.take(1)
    defer { turn.give(1) }
    if let bytes = takeBytes() {
      scope.runtime.metrics?.countGot(bytes.count)
      return BlobFrames(bytes: await frames(around: bytes), byteCount: bytes.count)
    }
    guard let (piece, frames) = try await nextPiece(made: scope.frame) else { return nil }
    return BlobFrames(bytes: frames, byteCount: piece.byteCount)
  }

  /// The frames of a blob that is in memory: those in the log, or around its bytes.
  ///
  /// What is in memory was verified, so nothing that keeps the log from being read is a failure.
  private func frames(around bytes: [UInt8]) async -> [UInt8] {
    guard isCompressed, let stored = await storedFrames(of: bytes.count) else {
      return ZstandardFrame.holding(bytes.span)
    }
    return stored
  }

  /// What the log has of a blob of one record; nil where it has been deleted meanwhile, or has
  /// several.
  private func storedFrames(of byteCount: Int) async -> [UInt8]? {
    guard let name = try? scope.name(of: info.key),
      case .piece(let piece) = try? await scope.runtime.inbox.ask(.read(name, range: nil))
    else { return nil }
    if let reader = piece.reader { scope.runtime.inbox.post(.endRead(reader), to: .nobody) }
    guard piece.byteCount == byteCount else { return nil }
    return try? await scope.frame(piece)
  }
}
