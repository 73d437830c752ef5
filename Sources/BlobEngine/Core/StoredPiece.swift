import Bytes
import Codec
import Disk

/// A part of a blob as it is stored: bytes with the right checksums, perhaps still compressed, and
/// in a scope still encrypted.
package struct StoredPiece: Sendable {
  /// The whole blob's description; for an upload still growing, nil.
  package let info: BlobInfo?
  /// Where this piece begins in the blob, in bytes.
  package let offset: UInt64
  /// How many bytes the piece decodes to.
  package let byteCount: Int
  /// The stored bytes, as frames that are decoded one by one and put together.
  package let frames: [StoredFrame]
  /// Where in the first frame's bytes, once decoded, the piece begins.
  package let skip: Int
  /// Whom to ask for the next piece; nil in the last.
  package let reader: ReaderID?
  /// Where the record lies that the piece is of, for reports of damage.
  let place: FetchPlace
  /// The memory that holds the stored bytes, and other records perhaps; nil: there are none.
  let buffer: DiskBuffer?
  /// What it takes to decrypt the stored bytes; nil when they are not encrypted.
  let sealed: SealedPart?
  /// What the record belongs to.
  let owner: PieceOwner
  /// Where the record's bytes begin in the blob.
  let base: UInt64
  /// What the piece is put together from, the recipe first; none where it is of one record, or was
  /// put together already.
  let sources: [SealedSource]
}

extension StoredPiece {
  /// Whether the piece's bytes take work on the processor to make.
  var isCostly: Bool { isSealed || frames.contains { $0.isCompressed } }

  /// Whether it takes a key to read the piece.
  var isSealed: Bool { sealed != nil || !sources.isEmpty }

  /// The key that the piece was sealed with, as far as the disk says; nil: none.
  var keyID: KeyID? { sealed?.seal.keyID ?? owner.keyID ?? sources.first?.piece.keyID }

  /// Returns the piece's bytes: decrypted in a scope, and decompressed where they need it.
  ///
  /// Work for a worker.
  ///
  /// - Parameter sealer: what the scope opens its records with; nil outside of scopes.
  /// - Returns: as many bytes as ``byteCount`` says.
  /// - Throws: ``EngineError/damaged(key:_:)`` when a frame does not decode to what it should, or
  ///   the record is not what was sealed; ``EngineError/keyUnavailable(_:)`` when it is of another
  ///   scope.
  package func decoded(with sealer: Sealer? = nil) throws(EngineError) -> [UInt8] {
    guard let sealer else {
      try requireUnsealed()
      guard let buffer else { return [] }
      if frames.count == 1, !frames[0].isCompressed { return buffer.bytes(in: frames[0].range) }
      return try joined(buffer.span, from: 0)
    }
    let opened = try opened(by: sealer)
    guard frames.count != 1 || frames[0].isCompressed || frames[0].byteCount != opened.bytes.count
    else { return opened.bytes }
    return try joined(opened.bytes.span, from: opened.start)
  }

  /// Refuses, outside of scopes, what is encrypted.
  func requireUnsealed() throws(EngineError) {
    if let keyID { throw .keyUnavailable(keyID) }
  }

  /// Decodes the frames, and puts them together.
  ///
  /// `bytes` begin at `start` of the buffer.
  private func joined(_ bytes: Span<UInt8>, from start: Int) throws(EngineError) -> [UInt8] {
    guard let result = frames.decoded(from: bytes, at: start), result.count >= skip + byteCount
    else { throw damage(.encoding) }
    return skip == 0 && result.count == byteCount
      ? result : Array(result[skip..<(skip + byteCount)])
  }

  /// Decrypts the blocks that the frames lie in; `start` is where in the buffer they begin.
  func opened(by sealer: Sealer) throws(EngineError) -> (bytes: [UInt8], start: Int) {
    guard sources.isEmpty else { return (try gathered(by: sealer), 0) }
    guard let sealed, let buffer else {
      // In a scope everything is sealed: what is not was put there by somebody else.
      // A blob of no bytes is a sealed record too.
      guard self.buffer == nil, info?.byteCount != 0 else { throw damage(.seal) }
      return ([], 0)
    }
    guard try owner.owns(sealed.subject, at: base, sealer) else { throw damage(.seal) }
    let bytes = try sealer.open(
      buffer.span.extracting(sealed.range),
      blocks: sealed.blocks,
      of: sealed.subject,
      sealed.seal,
      tags: sealed.tags
    )
    guard let bytes else { throw damage(.seal) }
    return (bytes, sealed.range.lowerBound)
  }

  /// Decrypts what the piece is put together from.
  ///
  /// That the recipe is what was sealed is verified with each piece; nothing else says which chunks
  /// belong together.
  private func gathered(by sealer: Sealer) throws(EngineError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    for source in sources { try source.copy(to: &bytes, by: sealer) }
    return bytes
  }

  func damage(_ kind: BlobDamage.Kind) -> EngineError {
    let place = BlobDamage(kind, slot: place.slot, offset: UInt64(place.offset))
    return .damaged(key: info?.key ?? .none, place)
  }
}
