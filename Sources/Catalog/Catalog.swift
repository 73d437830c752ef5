internal import GRDB
internal import Synchronization

/// Who owns what: every row that Larder keeps, in one SQLite database in WAL mode.
///
/// Reads see the last commit and never wait for a write. Writes are serialised; those that wait
/// together are committed together, so that one flush serves them all, yet each succeeds or
/// fails alone. A change is durable once the call that made it returns: `synchronous` is FULL, so
/// the log is flushed at every commit and a power cut takes nothing that was acknowledged, but for
/// changes that asked for less (``WriteDurability``).
///
/// An operation that has begun runs to its end even when the task that asked for it is cancelled:
/// it is short, and a write of unknown fate would be worse than a late one.
package final class Catalog: Sendable {
  private let pool: DatabasePool
  let writes: WriteQueue
  private let serials: JournalSerials
  private let tally: RowTally

  private init(pool: DatabasePool, serials: JournalSerials, flushDelay: Duration) {
    self.pool = pool
    self.serials = serials
    self.tally = RowTally()
    self.writes = WriteQueue(pool: pool, serials: serials, tally: tally, flushDelay: flushDelay)
  }

  /// Opens the catalog in the file at `path`, making it or bringing it up to date first.
  ///
  /// Relaxed changes are flushed when `flushDelay` has gone by, or with the next that is not.
  ///
  /// - Throws: ``CatalogError/newerStore(_:)`` when a newer version has changed it,
  ///   ``CatalogError`` otherwise when it cannot be opened. The file is left as it was.
  package static func open(
    at path: String,
    flushDelay: Duration = .seconds(1)
  ) throws(CatalogError) -> Catalog {
    do {
      let pool = try DatabasePool(path: path, configuration: CatalogDatabase.configuration)
      try CatalogDatabase.prepare(pool)
      let known = try pool.read { database in
        try Connection(database, RowTally()).rows(DomainStatements.serials, []) {
          row throws(CatalogError) in
          (id: try row.id(0) as DomainID, serial: try row.integer(1))
        }
      }
      return Catalog(pool: pool, serials: JournalSerials(known), flushDelay: flushDelay)
    } catch {
      throw CatalogError(error)
    }
  }

  /// Asks questions of one moment.
  package func read<Value: Sendable>(
    _ body: @escaping @Sendable (CatalogSnapshot) throws(CatalogError) -> Value
  ) async throws(CatalogError) -> Value {
    do {
      return try await withSnapshot(body)
    } catch {
      throw CatalogError(error)
    }
  }

  /// Makes a change; when `body` throws, nothing of it is kept.
  package func write<Value: Sendable>(
    durability: WriteDurability = .flushed,
    _ body: @escaping @Sendable (CatalogTransaction) throws(CatalogError) -> Value
  ) async throws(CatalogError) -> Value {
    do {
      return try await writes.perform(durability: durability, body)
    } catch {
      throw CatalogError(error)
    }
  }

  /// Asks questions of one moment, for callers with reasons of their own to give up.
  ///
  /// - Throws: what `body` throws, or a ``CatalogError``.
  package func withSnapshot<Value: Sendable>(
    _ body: @escaping @Sendable (CatalogSnapshot) throws -> Value
  ) async throws -> Value {
    try await withCheckedContinuation { (reply: CheckedContinuation<Result<Value, any Error>, _>) in
      pool.asyncRead { [tally] access in
        reply.resume(
          returning: Result {
            let database = try access.mapError(CatalogError.init).get()
            return try body(CatalogSnapshot(connection: Connection(database, tally)))
          }
        )
      }
    }.get()
  }

  /// Makes a change, for callers with reasons of their own to refuse it: when `body` throws,
  /// nothing of it is kept.
  ///
  /// - Throws: what `body` throws, or a ``CatalogError``.
  package func withTransaction<Value: Sendable>(
    _ body: @escaping @Sendable (CatalogTransaction) throws -> Value
  ) async throws -> Value {
    try await writes.perform(body)
  }

  /// How many rows statements have yielded since the catalog was opened: what the calls in between
  /// two looks cost, whatever else the machine does.
  package var rowsRead: Int { tally.count }

  /// The serial of the last committed change of a domain, from memory: no SQL.
  ///
  /// Nil for a domain that never was.
  package func serial(of domain: DomainID) -> Int64? {
    serials.serial(of: domain)
  }

  /// Has `observer` told of every change from now on: after it is durable, in the order of serials,
  /// and before the call that made it returns.
  ///
  /// The observer runs on the writer's thread, so it must be brief and must not wait for the
  /// catalog.
  package func observe(_ observer: @escaping @Sendable ([JournalEntry]) -> Void) {
    serials.observe(observer)
  }

  /// Finishes what is under way and closes the database; closing again does nothing.
  ///
  /// Calls made later throw ``CatalogError/closed``.
  package func close() async throws(CatalogError) {
    do {
      try await writes.finish()
      try pool.close()
    } catch {
      let error = CatalogError(error)
      if error != .closed { throw error }
    }
  }
}
