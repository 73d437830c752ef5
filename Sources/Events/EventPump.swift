package import Catalog
import FormatRules
package import Logging
package import Repository

/// Follows the journals of all domains and delivers what they say of package versions to one
/// destination: at least once, in the order of each package, and nothing is lost.
///
/// The destination's cursor is durable in the catalog, and moves once a page of a journal has
/// arrived; a crash in between delivers the page again, under the same names. While a destination
/// is down the pump waits with one page in memory: the journal is the queue.
package struct EventPump: Sendable {
  /// How many rows of a journal are read at a time.
  static let pageLength = 100
  /// How many domains are looked at in one statement.
  private static let domainStep = 200

  private let catalog: Catalog
  private let destination: any EventDestination
  private let region: String
  private let clock: any DepotClock
  private let logger: Logger

  package init(
    catalog: Catalog,
    destination: any EventDestination,
    region: String,
    clock: any DepotClock,
    logger: Logger
  ) {
    self.catalog = catalog
    self.destination = destination
    self.region = region
    self.clock = clock
    self.logger = logger
  }

  /// Makes the destination known, from which moment on it misses nothing.
  package func register() async throws(CatalogError) {
    let (name, now) = (destination.name, clock.now())
    try await catalog.write { transaction throws(CatalogError) in
      try transaction.addEventDestination(name, at: now)
    }
  }

  /// Delivers until the task is cancelled.
  package func run() async {
    // One signal is as good as many: a round looks at everything.
    let (signals, signal) = AsyncStream.makeStream(
      of: Void.self,
      bufferingPolicy: .bufferingNewest(1)
    )
    catalog.observe { entries in
      if entries.contains(where: { $0.subject.version != nil }) { signal.yield() }
    }
    signal.yield()
    for await _ in signals {
      await catchUp()
      if Task.isCancelled { return }
    }
  }

  /// Delivers what there is, trying again when the catalog fails, until the task is cancelled.
  private func catchUp() async {
    var failures = 0
    while !Task.isCancelled {
      do {
        guard try await round() else { return }
        failures = 0
      } catch is CancellationError {
        return
      } catch {
        failures += 1
        logger.error("events for \(destination.name) wait: \(error)")
        let chance = Double.random(in: 0...1)
        await clock.sleep(for: Backoff().wait(after: failures, chance: chance))
      }
    }
  }

  /// Delivers a page of each domain that has something new, and returns whether one had.
  package func round() async throws -> Bool {
    var wasBehind = false
    var last: DomainID?
    repeat {
      let (name, after) = (destination.name, last)
      let positions = try await catalog.read { snapshot throws(CatalogError) in
        try snapshot.eventPositions(of: name, after: after, limit: Self.domainStep)
      }
      for position in positions where position.isBehind {
        try await deliverPage(of: position)
        wasBehind = true
      }
      last = positions.count == Self.domainStep ? positions.last?.domainID : nil
    } while last != nil
    return wasBehind
  }

  private func deliverPage(of position: EventPosition) async throws {
    let rows = try await catalog.read { snapshot throws(CatalogError) in
      try snapshot.journal(
        of: position.domainID,
        after: position.delivered,
        limit: Self.pageLength
      )
    }
    guard let last = rows.last else { return }
    let events = rows.compactMap { event(of: $0, in: position) }
    if !events.isEmpty { try await destination.deliver(events) }
    let name = destination.name
    // Without a flush: what a power cut takes back is delivered again.
    try await catalog.write(durability: .relaxed) { transaction throws(CatalogError) in
      try transaction.setEventCursor(of: name, in: position.domainID, to: last.serial)
    }
  }

  /// A row that cannot be read is said to be lost, and holds up none behind it.
  private func event(of row: JournalEntry, in position: EventPosition) -> VersionEvent? {
    do {
      return try VersionEvent(row, in: position, region: region)
    } catch {
      logger.error(
        "row \(row.serial) of the journal of domain \(position.domain) is no event: \(error.reason)"
      )
      return nil
    }
  }
}
