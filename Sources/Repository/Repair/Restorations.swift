internal import Bytes
internal import Catalog
internal import Synchronization

/// The blobs that are being had anew, each once however many ask for it, and those that lately
/// could not be.
final class Restorations: Sendable {
  private struct Blob: Hashable, Sendable {
    let key: SHA256Digest
    let domain: DomainID
  }

  private let clock: any DepotClock
  /// How long nobody tries again after a failure.
  private let pause: Duration
  private let underWay = Joined<Blob, Bool>()
  private let failures = Mutex(TwoGenerationCache<Blob, Timestamp>(budget: 10_000))

  init(clock: any DepotClock, pause: Duration) {
    self.clock = clock
    self.pause = pause
  }

  /// Returns whether the blob is there again, after `work`, or somebody else's, has had it anew.
  func restored(
    _ key: SHA256Digest,
    in domain: DomainID,
    _ work: @escaping @Sendable () async throws(RepositoryError) -> Bool
  ) async -> Bool {
    let blob = Blob(key: key, domain: domain)
    let now = clock.now()
    let failedAt = failures.withLock { $0.value(for: blob) }
    if let failedAt, now - failedAt < pause { return false }
    let isThere = (try? await underWay.value(for: blob, work)) ?? false
    if !isThere { failures.withLock { $0.insert(now, for: blob, cost: 1) } }
    return isThere
  }
}
