internal import Synchronization

/// Pieces of one blob, read back from the engine once for all clients that are near them.
///
/// The engine reads, checks and decodes a mebibyte at a time. Fifty clients with a piece each would
/// hold fifty mebibytes, and more on the way; here they share ``keptCount`` pieces, at most
/// ``readsAtOnce`` are being read, and each client takes a bite at a time.
final class SharedPieces: Sendable {
  /// The length of a piece, which is that of the engine's own.
  static let pieceByteCount: UInt64 = 1 << 20
  /// The most that one client is given at once: small, because a door holds it once more, and a
  /// thousand that fall behind hold two each.
  static let biteByteCount: UInt64 = 32 << 10
  private static let keptCount = 6
  private static let readsAtOnce = 2

  /// Reads a range of the blob.
  typealias Read = @Sendable (Range<UInt64>) async throws(RepositoryError) -> [UInt8]

  private let kept = Mutex<[(range: Range<UInt64>, bytes: [UInt8])]>([])
  private let reads = Joined<Range<UInt64>, [UInt8]>()
  private let slots = Slots(count: readsAtOnce)

  /// Returns some bytes from `position` on, none at or beyond `limit`.
  ///
  /// What is before `available` can be read with `read`.
  func bite(
    at position: UInt64,
    upTo limit: UInt64,
    of available: UInt64,
    with read: @escaping Read
  ) async throws(RepositoryError) -> [UInt8] {
    let start = position / Self.pieceByteCount * Self.pieceByteCount
    let range = start..<min(start + Self.pieceByteCount, available)
    let piece = try await piece(range, with: read)
    let first = Int(position - start)
    let end = min(piece.count, Int(limit - start), first + Int(Self.biteByteCount))
    return first < end ? Array(piece[first..<end]) : []
  }

  private func piece(
    _ range: Range<UInt64>,
    with read: @escaping Read
  ) async throws(RepositoryError) -> [UInt8] {
    if let bytes = known(range) { return bytes }
    return try await reads.value(for: range) { () async throws(RepositoryError) in
      let hold = await SlotHold.take(from: self.slots)
      defer { hold.release() }
      let bytes = try await read(range)
      self.keep(bytes, as: range)
      return bytes
    }
  }

  /// Looks a piece up, and counts it as the one used last.
  private func known(_ range: Range<UInt64>) -> [UInt8]? {
    kept.withLock { kept in
      guard let index = kept.firstIndex(where: { $0.range == range }) else { return nil }
      let found = kept.remove(at: index)
      kept.append(found)
      return found.bytes
    }
  }

  private func keep(_ bytes: [UInt8], as range: Range<UInt64>) {
    kept.withLock { kept in
      kept.append((range, bytes))
      if kept.count > Self.keptCount { kept.removeFirst() }
    }
  }
}
