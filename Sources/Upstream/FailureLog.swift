internal import Catalog
internal import Logging
internal import Repository
internal import Synchronization

/// The lines that say what came to nothing: one for each incident, however many requests it met.
///
/// When an origin goes away, or sends everybody in circles, all of the 64 requests that it may be
/// sent at once fail. That is told of once, and the line after it says how many others there were.
final class FailureLog: Sendable {
  private struct Cause: Hashable {
    let origin: WebOrigin
    let kind: ExternalFailure.Kind
  }

  private struct Told {
    let at: Timestamp
    var omitted = 0
  }

  private let clock: any DepotClock
  private let logger: Logger
  private let pause: Duration
  private let told = Mutex<[Cause: Told]>([:])

  init(clock: any DepotClock, logger: Logger, options: UpstreamOptions) {
    self.clock = clock
    self.logger = logger
    pause = options.openTime
  }

  /// Tells of a request that an origin did not answer; not again within the pause, where the same
  /// happens to others.
  func note(_ failure: ExternalFailure, of origin: WebOrigin, attempts: Int) {
    guard failure.kind != .absent,
      let omitted = turn(Cause(origin: origin, kind: failure.kind))
    else { return }
    note(failure, attempts: attempts, omitted: omitted)
  }

  /// Tells of something.
  ///
  /// That a source does not have something is no failure, and no line.
  func note(_ failure: ExternalFailure, attempts: Int = 1, omitted: Int = 0) {
    guard failure.kind != .absent else { return }
    var metadata: Logger.Metadata = ["attempts": "\(attempts)"]
    if omitted > 0 { metadata["others since the last line"] = "\(omitted)" }
    logger.warning("external source failed: \(failure.message)", metadata: metadata)
  }

  /// How many were left out since the last line; nil when this one is left out, too.
  private func turn(_ cause: Cause) -> Int? {
    let now = clock.now()
    return told.withLock { told in
      if let last = told[cause], now - last.at < pause {
        told[cause]?.omitted += 1
        return nil
      }
      let omitted = told[cause]?.omitted ?? 0
      told[cause] = Told(at: now)
      return omitted
    }
  }
}
