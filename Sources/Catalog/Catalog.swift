package import Bytes
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
  private let reads: ReadQueue
  private let serials: JournalSerials
  private let tally: RowTally
  private let names = BlobNames()
  private let makeRoom: @Sendable () -> Bool

  private init(
    pool: DatabasePool,
    serials: JournalSerials,
    tally: RowTally,
    flushDelay: Duration,
    makeRoom: @escaping @Sendable () -> Bool
  ) {
    self.pool = pool
    self.makeRoom = makeRoom
    self.reads = ReadQueue(pool: pool, tally: tally)
    self.serials = serials
    self.tally = tally
    self.writes = WriteQueue(
      pool: pool,
      serials: serials,
      tally: tally,
      names: names,
      flushDelay: flushDelay
    )
  }

  /// Opens the catalog in the file at `path`, making it or bringing it up to date first.
  ///
  /// - Parameters:
  ///   - path: the database's file.
  ///   - flushDelay: when relaxed changes are flushed at the latest, if none follows that is not.
  ///   - makeRoom: called when the file system had no room for a change; says whether there may be
  ///     some now, so that it is worth another try.
  /// - Returns: the open catalog.
  /// - Throws: ``CatalogError/newerStore(_:)`` when a newer version has changed it,
  ///   ``CatalogError`` otherwise when it cannot be opened. The file is left as it was.
  package static func open(
    at path: String,
    flushDelay: Duration = .seconds(1),
    makeRoom: @escaping @Sendable () -> Bool = { false }
  ) throws(CatalogError) -> Catalog {
    do {
      let pool = try DatabasePool(path: path, configuration: CatalogDatabase.configuration)
      try CatalogDatabase.prepare(pool)
      let tally = RowTally()
      let known = try pool.read { database in
        try Connection(database, tally).rows(DomainStatements.serials, []) {
          row throws(CatalogError) in
          (id: try row.id(0) as DomainID, serial: try row.integer(1))
        }
      }
      return Catalog(
        pool: pool,
        serials: JournalSerials(known),
        tally: tally,
        flushDelay: flushDelay,
        makeRoom: makeRoom
      )
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
      return try await perform(durability, body)
    } catch {
      throw CatalogError(error)
    }
  }

  private func perform<Value: Sendable>(
    _ durability: WriteDurability,
    _ body: @escaping @Sendable (CatalogTransaction) throws -> Value
  ) async throws -> Value {
    do {
      return try await writes.perform(durability: durability, body)
    } catch  where CatalogError(error) == .full && makeRoom() {
      return try await writes.perform(durability: durability, body)
    }
  }

  /// Asks questions of one moment, for callers with reasons of their own to give up.
  ///
  /// - Throws: what `body` throws, or a ``CatalogError``.
  package func withSnapshot<Value: Sendable>(
    _ body: @escaping @Sendable (CatalogSnapshot) throws -> Value
  ) async throws -> Value {
    try await withCheckedContinuation { (reply: CheckedContinuation<Result<Value, any Error>, _>) in
      reads.enqueue { snapshot in
        reply.resume(returning: Result { try body(snapshot.get()) })
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
    try await perform(.flushed, body)
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

  /// Has `rule` tell what the store calls the blobs of a domain, from now on.
  ///
  /// It runs on the writer's thread, so it must be brief and must not wait for the catalog. Until
  /// there is one, blobs of domains without keys are called as their bytes hash, and those of
  /// domains with keys cannot be named.
  package func nameBlobs(
    by rule: @escaping @Sendable (DomainID, SHA256Digest) -> StoredBlobName
  ) {
    names.set(rule)
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
