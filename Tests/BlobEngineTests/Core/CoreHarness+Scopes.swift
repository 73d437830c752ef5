import Bytes
import Codec
import Testing

@testable import BlobEngine

extension DataKey {
  /// A key for tests, another one for each byte.
  static func sample(_ byte: UInt8) throws -> DataKey {
    try #require(DataKey([UInt8](repeating: byte, count: byteCount)))
  }
}

/// Scopes, as ``BlobScope`` has them.
extension CoreHarness {
  func sealer(_ key: DataKey) throws -> Sealer {
    Sealer(try key.opened(), store: try preparer.storeID, salts: keyRing.salts)
  }

  /// Stores a small blob in a scope, or an upload of several pieces; none of it is kept waiting.
  @discardableResult
  func put(_ bytes: [UInt8], in key: DataKey) throws -> BlobInfo {
    try request(.announce(.encryption))
    let preparer = try preparer.sealing(with: sealer(key))
    guard bytes.count > preparer.inlineByteLimit else {
      guard case .stored(let info) = try request(.put(preparer.blob(bytes), .flushed)) else {
        throw Unexpected()
      }
      return info
    }
    return try upload(bytes, by: preparer)
  }

  private func upload(_ bytes: [UInt8], by preparer: Preparer) throws -> BlobInfo {
    let id = try beginUpload()
    let starts = Array(stride(from: 0, to: bytes.count, by: preparer.extentByteCount))
    for (ordinal, start) in starts.enumerated() {
      let extent = preparer.extent(
        bytes[start..<min(start + preparer.extentByteCount, bytes.count)],
        of: id,
        ordinal: ordinal,
        offset: UInt64(start)
      )
      try request(.append(id, extent))
    }
    let name = preparer.name(
      SHA256Stream.digest(of: bytes.span),
      of: id,
      extentCount: starts.count,
      byteCount: UInt64(bytes.count)
    )
    guard case .stored(let info) = try request(.finishUpload(id, name)) else { throw Unexpected() }
    return info
  }

  /// Returns a blob of a scope, or a part of it.
  func get(
    _ bytes: [UInt8],
    in key: DataKey,
    _ range: Range<UInt64>? = nil
  ) throws -> [UInt8]? {
    let sealer = try sealer(key)
    let pieces = try pieces(of: sealer.name(of: SHA256Stream.digest(of: bytes.span)), range)
    return try pieces?.flatMap { try $0.decoded(with: sealer) }
  }

  /// Returns what is stored of a blob; nil when it is not there.
  func pieces(
    of name: SHA256Digest,
    _ range: Range<UInt64>? = nil
  ) throws -> [StoredPiece]? {
    var pieces: [StoredPiece] = []
    var reply = try request(.read(name, range: range))
    while case .piece(let piece) = reply {
      pieces.append(piece)
      guard let reader = piece.reader else { return pieces }
      reply = try request(.readOn(reader))
    }
    guard case .absent = reply else { throw Unexpected() }
    return nil
  }
}
