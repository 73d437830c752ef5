import Disk
package import Logging
package import Repository
import Synchronization

/// Appends each event as one line of JSON to a file, durably.
///
/// A line that a crash tore off is taken away when the server starts again, and its event written
/// anew. Whoever rotates the file moves it away: the next event makes another.
package final class EventFile: EventDestination {
  package let name = "file"
  private let path: String
  private let clock: any DepotClock
  private let logger: Logger
  private let turn = Mutex(())

  package init(path: String, clock: any DepotClock, logger: Logger) {
    self.path = path
    self.clock = clock
    self.logger = logger
  }

  package func deliver(_ events: [VersionEvent]) async throws {
    let lines = events.flatMap { $0.json + [UInt8(ascii: "\n")] }
    var failures = 0
    while true {
      do {
        try append(lines)
        if failures > 0 { logger.notice("events are written to \(path) again") }
        return
      } catch {
        failures += 1
        if failures == 1 { logger.error("events wait, \(path) cannot be written: \(error)") }
        let chance = Double.random(in: 0...1)
        await clock.sleep(for: Backoff().wait(after: failures, chance: chance))
        try Task.checkCancellation()
      }
    }
  }

  /// Opened for each page: a file that was moved away is not written to any more.
  private func append(_ lines: [UInt8]) throws(DiskError) {
    try turn.withLock { _ throws(DiskError) in
      var file = try LineFile(at: path)
      try file.append(lines)
    }
  }
}
