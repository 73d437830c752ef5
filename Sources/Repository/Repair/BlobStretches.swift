internal import Bytes
internal import Catalog
internal import Synchronization

/// Stretches of blobs, for readings that there are too many of to have readers of their own.
///
/// A reader holds 3 MiB of its blob or more, since it reads ahead: a thousand clients at one file
/// of 200 MB were measured to hold 7 GiB, and to wait 7 s for their first byte. So the first
/// ``readerLimit`` readings that are open have readers, and whoever comes while so many are open
/// takes a stretch at a time, which is read once for all who want it at about the same time.
final class BlobStretches: Sendable {
  /// A part of a domain's blob.
  struct Stretch: Hashable, Sendable {
    let key: SHA256Digest
    let domain: DomainID?
    let range: Range<UInt64>
  }

  /// As many as keep both processors and a disk busy.
  static let readerLimit = 32
  /// The length of a stretch, which is that of the engine's pieces.
  private static let byteCount: UInt64 = 1 << 20
  /// Its length while there are very many readings, each perhaps at a place of its own.
  private static let shortByteCount: UInt64 = 256 << 10
  private static let crowdCount = 128
  /// How many bytes stay for those who come a little later.
  private static let keptByteCount = 32 << 20

  private struct State {
    var openCount = 0
    var kept = TwoGenerationCache<Stretch, [UInt8]>(budget: keptByteCount)
  }

  private let state = Mutex(State())
  private let reads = Joined<Stretch, [UInt8]?>()

  /// Counts a reading that begins; returns whether it may have a reader.
  func begin() -> Bool {
    state.withLock { state in
      state.openCount += 1
      return state.openCount <= Self.readerLimit
    }
  }

  /// Counts a reading that has ended; with the last of a crowd goes what was kept for it.
  func end() {
    state.withLock { state in
      state.openCount -= 1
      guard state.openCount < Self.readerLimit else { return }
      state.kept = TwoGenerationCache(budget: Self.keptByteCount)
    }
  }

  /// What of a blob to read next: stretches begin where others do, whoever reads.
  func range(from position: UInt64, upTo end: UInt64) -> Range<UInt64> {
    let isCrowded = state.withLock { $0.openCount > Self.crowdCount }
    let byteCount = isCrowded ? Self.shortByteCount : Self.byteCount
    return position..<min(end, (position / byteCount + 1) * byteCount)
  }

  /// Returns a stretch, from memory or by `read`; nil when the blob is not there.
  func bytes(
    of stretch: Stretch,
    _ read: @escaping @Sendable () async throws(RepositoryError) -> [UInt8]?
  ) async throws(RepositoryError) -> [UInt8]? {
    if let kept = state.withLock({ $0.kept.value(for: stretch) }) { return kept }
    return try await reads.value(for: stretch) { () async throws(RepositoryError) in
      let bytes = try await read()
      self.state.withLock { state in
        guard let bytes, state.openCount >= Self.readerLimit else { return }
        state.kept.insert(bytes, for: stretch, cost: bytes.count)
      }
      return bytes
    }
  }
}
