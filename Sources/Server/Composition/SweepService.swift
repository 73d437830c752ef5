import BlobEngine
import Catalog
import Logging
import Repository
import ServiceLifecycle

/// Sweeps the store now and then, and at once when it is nearly full, until the server stops; and
/// takes again the space that was reserved for a full disk, once there is room for it.
struct SweepService: Service {
  let sweep: BlobSweep
  let store: BlobStore
  let reserves: Reserves
  let settings: SweepSettings
  let clock: any DepotClock
  let logger: Logger

  /// How often the store is asked whether it has room.
  ///
  /// The question also tells an idle store the time.
  private static let glance = Duration.seconds(60)
  /// How long after a sweep for want of room the next may follow.
  private static let breath = Duration.seconds(600)

  func run() async throws {
    await cancelWhenGracefulShutdown { await work() }
  }

  private func work() async {
    var nextSweep = settings.interval.map { clock.now() + $0 }
    var nextRelief = clock.now()
    while !Task.isCancelled {
      await clock.sleep(for: min(Self.glance, settings.interval ?? Self.glance))
      guard !Task.isCancelled else { return }
      reserves.restore()
      if let due = nextSweep, due <= clock.now() {
        await report("sweep") { () async throws(RepositoryError) in try await sweep.run() }
        nextSweep = settings.interval.map { clock.now() + $0 }
      }
      guard nextRelief <= clock.now(), (try? await store.usage())?.isTight == true else { continue }
      await report("the store is nearly full: bytes are given up before their time") {
        () async throws(RepositoryError) in try await sweep.relieve()
      }
      nextRelief = clock.now() + Self.breath
    }
  }

  private func report(
    _ what: String,
    _ body: () async throws(RepositoryError) -> SweepReport?
  ) async {
    do throws(RepositoryError) {
      guard let report = try await body() else { return }
      let line = "\(what): \(report)"
      if report.noticedCount + report.deletedCount > 0 {
        logger.notice("\(line)")
      } else {
        logger.info("\(line)")
      }
    } catch {
      logger.warning("\(what): \(error.logged ?? error.message)")
    }
  }
}
