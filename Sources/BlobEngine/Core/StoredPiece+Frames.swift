import Bytes
import Codec
import Disk

/// A piece as Zstandard frames (RFC 8878): the stored ones as they are, and around the rest new
/// ones that compress nothing.
extension StoredPiece {
  /// Whether any of the piece is stored compressed.
  var isCompressed: Bool { frames.contains { $0.isCompressed } }

  /// Whether the blob, of which this is the first piece, is stored in fewer bytes than it has.
  ///
  /// Of several pieces the log's count of all is asked: what is raw takes more there than it has,
  /// and what is compressed an eighth less or better.
  func isCompressed(of info: BlobInfo) -> Bool {
    reader == nil ? isCompressed : info.storedByteCount < info.byteCount
  }

  /// Whether the piece is whole frames that whoever takes Zstandard can open.
  private var isWholeFrames: Bool {
    guard skip == 0, !frames.isEmpty else { return false }
    return frames.reduce(0) { $0 + $1.byteCount } == byteCount
      && frames.allSatisfy { $0.byteCount <= ZstandardFrame.windowByteLimit }
  }

  /// Whether it takes work on the processor to make the piece's frames.
  var isCostlyToFrame: Bool { isSealed || (isCompressed && !isWholeFrames) }

  /// Returns frames that decode to the piece's bytes, decrypted in a scope.
  ///
  /// Stored frames are not decoded: their checksums and tags were compared, their heads and the
  /// heads of their blocks are. Work for a worker in a scope.
  ///
  /// - Parameter sealer: what the scope opens its records with; nil outside of scopes.
  /// - Returns: one frame or more.
  /// - Throws: as ``decoded(with:)``.
  func framed(with sealer: Sealer? = nil) throws(EngineError) -> [UInt8] {
    guard isWholeFrames else {
      let bytes = try decoded(with: sealer)
      return ZstandardFrame.holding(bytes.span)
    }
    guard let sealer else {
      try requireUnsealed()
      guard let buffer else { throw damage(.encoding) }
      return try framed(buffer.span, from: 0)
    }
    let opened = try opened(by: sealer)
    return try framed(opened.bytes.span, from: opened.start)
  }

  /// Puts the frames together out of `bytes`, which begin at `start` of the buffer.
  private func framed(_ bytes: Span<UInt8>, from start: Int) throws(EngineError) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(frames.reduce(0) { $0 + $1.range.count })
    for frame in frames {
      let range = (frame.range.lowerBound - start)..<(frame.range.upperBound - start)
      let stored = bytes.extracting(range)
      guard frame.isCompressed else {
        result += ZstandardFrame.holding(stored)
        continue
      }
      do throws(ZstandardError) {
        try ZstandardFrame.check(stored, byteCount: frame.byteCount)
      } catch {
        throw damage(.encoding)
      }
      result.append(copying: stored)
    }
    return result
  }
}
