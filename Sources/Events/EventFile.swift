import Disk
import FormatRules
import Foundation
package import Logging
package import Repository
import Synchronization

/// Appends each event as one line of JSON to a file, durably, and once: what a crash left written
/// and not noted as delivered is found in the file when it comes again.
///
/// A line that a crash tore off is taken away when the server starts again, and its event written
/// anew. A file that is full becomes `….1`, what was that `….2`, and so on; the oldest goes.
/// Whoever would rather rotate it himself moves it away: the next event makes another.
package final class EventFile: EventDestination {
  /// How many full files stay beside the one that grows.
  package static let olderFileCount = 9

  package let name = "file"
  private let path: String
  private let byteLimit: UInt64
  private let clock: any DepotClock
  private let logger: Logger
  /// The ids of the last events in the file, until the first delivery is done.
  private let turn = Mutex<Set<String>?>(nil)

  /// Makes a destination.
  ///
  /// - Parameters:
  ///   - path: the file, in a folder that is there.
  ///   - byteLimit: how long it grows, in bytes; 0 lets it grow for ever.
  ///   - clock: what waits are measured by.
  ///   - logger: told when the file cannot be written, and when it can again.
  package init(path: String, byteLimit: UInt64 = 0, clock: any DepotClock, logger: Logger) {
    self.path = path
    self.byteLimit = byteLimit
    self.clock = clock
    self.logger = logger
  }

  package func deliver(_ events: [VersionEvent]) async throws {
    var failures = 0
    while true {
      do {
        try append(events)
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
  private func append(_ events: [VersionEvent]) throws(DiskError) {
    try turn.withLock { known throws(DiskError) in
      var file = try LineFile(at: path)
      let there = known ?? lastIdentifiers()
      let lines = events.filter { !there.contains($0.id) }
        .flatMap { $0.json + [UInt8(ascii: "\n")] }
      let isFull = UInt64(file.byteCount + lines.count) > byteLimit
      if byteLimit > 0, file.byteCount > 0, isFull {
        try LineFile.shift(at: path, keeping: Self.olderFileCount)
        file = try LineFile(at: path)
      }
      try file.append(lines)
      known = []
    }
  }

  /// The ids of the events at the file's end, of which a page at most can come again.
  private func lastIdentifiers() -> Set<String> {
    let ends = ["\(path).1", path].map { Self.end(of: $0) }
    let lines = ends.flatMap { $0.split(separator: UInt8(ascii: "\n")) }
    return Set(
      lines.suffix(EventPump.pageLength).compactMap { line in
        (try? JSONReader.read(Array(line)))?["id"]?.string
      }
    )
  }

  /// The last bytes of a file, as many as the events of a page have; none where there is no file.
  private static func end(of path: String) -> [UInt8] {
    let byteCount: UInt64 = 1 << 20
    guard let handle = FileHandle(forReadingAtPath: path) else { return [] }
    defer { try? handle.close() }
    guard let end = try? handle.seekToEnd(),
      (try? handle.seek(toOffset: end - min(end, byteCount))) != nil,
      let data = try? handle.readToEnd()
    else { return [] }
    return [UInt8](data)
  }
}
