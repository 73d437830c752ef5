import BlobEngine
import Bytes
import Catalog
import Logging
import Repository
import ServiceLifecycle

/// Verifies the store, pass after pass, until the server stops; goes on after a restart where it
/// was.
struct ScrubService: Service {
  let scrub: BlobScrub
  let store: BlobStore
  /// The file with how far it has come.
  let position: String
  let period: Duration
  let clock: any DepotClock
  let logger: Logger

  /// A step is followed by a rest of at least so many times its own length: where the disk is busy
  /// a step takes longer, and so does the rest.
  private static let restShare = 9
  /// The longest rest: a small store is through in hours.
  private static let longestRest = Duration.seconds(600)

  func run() async throws {
    await cancelWhenGracefulShutdown { await work() }
  }

  private func work() async {
    var place = ScrubPosition(path: position) ?? ScrubPosition(startedAt: clock.now())
    while !Task.isCancelled {
      if place.isOver {
        await waitForNextPass(after: place)
        guard !Task.isCancelled else { return }
        place.begin(at: clock.now())
      }
      let started = ContinuousClock.now
      guard let byteCount = await step(&place) else { return }
      if place.isOver { logger.info("the store was verified, pass \(place.passNumber + 1)") }
      keep(place)
      await clock.sleep(for: await rest(after: .now - started, byteCount))
    }
  }

  private func waitForNextPass(after place: ScrubPosition) async {
    let due = Timestamp(microseconds: place.startedAt) + period
    while clock.now() < due, !Task.isCancelled {
      await clock.sleep(for: min(due - clock.now(), .seconds(3600)))
    }
  }

  /// Spreads a pass over its period, and leaves the disk to others most of the time.
  private func rest(after length: Duration, _ byteCount: UInt64) async -> Duration {
    let stored = (try? await store.usage()).map { $0.liveByteCount + $0.deadByteCount } ?? 0
    let even = period * (Double(byteCount) / Double(max(stored, byteCount, 1)))
    return max(length * Self.restShare, min(even, Self.longestRest), .milliseconds(10))
  }

  /// Returns how many bytes were verified; nil when the store does not go on.
  private func step(_ place: inout ScrubPosition) async -> UInt64? {
    do throws(RepositoryError) {
      return place.isLogDone ? try await rowStep(&place) : try await logStep(&place)
    } catch {
      if !Task.isCancelled { logger.warning("\(error.logged ?? error.message)") }
      return nil
    }
  }

  private func logStep(_ place: inout ScrubPosition) async throws(RepositoryError) -> UInt64 {
    let end = try await scrub.log(after: place.cursor.flatMap { ScrubCursor($0) })
    tell(end.findings)
    place.cursor = end.next?.description
    place.isLogDone = end.next == nil
    return end.byteCount
  }

  private func rowStep(_ place: inout ScrubPosition) async throws(RepositoryError) -> UInt64 {
    let end = try await scrub.rows(after: place.row, share: place.passNumber)
    tell(end.findings)
    place.row = end.next
    place.isOver = end.next == nil
    return end.byteCount
  }

  private func tell(_ findings: [String]) {
    for finding in findings { logger.error("\(finding)") }
  }

  private func keep(_ place: ScrubPosition) {
    do { try place.write(to: position) } catch {
      logger.warning("how far the store is verified cannot be kept: \(error)")
    }
  }
}

extension ScrubPosition {
  /// The last row that was seen.
  fileprivate var row: DomainBlob? {
    get {
      guard let domain, let key = key.flatMap({ SHA256Digest(hexadecimal: $0) }) else { return nil }
      return DomainBlob(domain: DomainID(domain), key: key, byteCount: byteCount ?? 0)
    }
    set {
      domain = newValue?.domain.rawValue
      key = newValue?.key.hexadecimal
      byteCount = newValue?.byteCount
    }
  }
}
