internal import GRDB
internal import Synchronization

/// Commits changes in the order they came, many at a time when many wait.
///
/// A commit costs a flush of the disk, a change inside one some tens of microseconds. While one
/// commit is flushed, the next changes gather; each of them then runs in a savepoint of one common
/// transaction, so that a refused one takes nothing of its neighbours with it.
///
/// Relaxed changes are flushed a moment later, one flush for all of that moment.
final class WriteQueue: Sendable {
  /// A change with its way back to the caller.
  private struct Waiting: Sendable {
    let durability: WriteDurability
    let apply: @Sendable (CatalogTransaction) throws -> Void
    /// Called once, after the commit, with the reason when nothing was kept.
    let finish: @Sendable ((any Error)?) -> Void
  }

  private struct State {
    var waiting: [Waiting] = []
    var isDraining = false
    /// Whether a flush is going to follow relaxed changes.
    var isFlushDue = false
    /// Whether the database is closed, or about to be.
    var isClosed = false
  }

  /// Carries a value from the writer's thread to the caller.
  private final class Slot<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
  }

  /// So that the first of a long queue does not wait for the last.
  private static let batchLimit = 256

  private let pool: DatabasePool
  private let serials: JournalSerials
  private let tally: RowTally
  private let flushDelay: Duration
  private let names: BlobNames
  private let state = Mutex(State())

  init(
    pool: DatabasePool,
    serials: JournalSerials,
    tally: RowTally,
    names: BlobNames,
    flushDelay: Duration
  ) {
    self.pool = pool
    self.names = names
    self.serials = serials
    self.tally = tally
    self.flushDelay = flushDelay
  }

  /// Runs `body` in a transaction and returns once that is as durable as asked for, or more.
  func perform<Value: Sendable>(
    durability: WriteDurability = .flushed,
    _ body: @escaping @Sendable (CatalogTransaction) throws -> Value
  ) async throws -> Value {
    try await withCheckedContinuation { (reply: CheckedContinuation<Result<Value, any Error>, _>) in
      let slot = Slot<Value>()
      let apply: @Sendable (CatalogTransaction) throws -> Void = { transaction in
        let value = try body(transaction)
        slot.value.withLock { $0 = value }
      }
      enqueue(
        Waiting(durability: durability, apply: apply) { error in
          let value = slot.value.withLock { $0 }
          switch (error, value) {
          case (nil, let value?): reply.resume(returning: .success(value))
          case (let error, _): reply.resume(returning: .failure(error ?? CatalogError.closed))
          }
        }
      )
    }.get()
  }

  /// Returns once every change that was asked for before is done and flushed; no flush comes by
  /// itself any more.
  func finish() async throws {
    try await perform { _ in }
    await withCheckedContinuation { (reply: CheckedContinuation<Void, Never>) in
      pool.asyncWriteWithoutTransaction { [self] database in
        let wasClosed = state.withLock { state in
          defer { state.isClosed = true }
          return state.isClosed
        }
        if !wasClosed { _ = try? database.checkpoint(.passive) }
        reply.resume()
      }
    }
  }

  private func enqueue(_ change: Waiting) {
    let mustDrain = state.withLock { state in
      state.waiting.append(change)
      defer { state.isDraining = true }
      return !state.isDraining
    }
    if mustDrain {
      pool.asyncWriteWithoutTransaction { [self] database in
        while let batch = nextBatch() {
          let isRelaxed = batch.allSatisfy { $0.durability == .relaxed }
          if isRelaxed { setFlushing(false, in: database) }
          commit(batch, in: database)
          if isRelaxed {
            setFlushing(true, in: database)
            flushSoon()
          }
        }
      }
    }
  }

  private func nextBatch() -> [Waiting]? {
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.isDraining = false
        return nil
      }
      let batch = Array(state.waiting.prefix(Self.batchLimit))
      state.waiting.removeFirst(batch.count)
      return batch
    }
  }

  /// Where the setting is refused, the one before stands: at worst a flush too many.
  private func setFlushing(_ isOn: Bool, in database: Database) {
    try? database.execute(sql: CatalogDatabase.flushing(isOn))
  }

  private func flushSoon() {
    let isDue = state.withLock { state in
      defer { state.isFlushDue = true }
      return state.isFlushDue
    }
    if isDue { return }
    Task { [weak self, flushDelay] in
      try? await Task.sleep(for: flushDelay)
      self?.flush()
    }
  }

  /// Has the log flushed and taken over into the database, as far as readers let it.
  ///
  /// A checkpoint flushes the log before it takes anything over
  /// (https://www.sqlite.org/wal.html#ckpt). Where it fails, the next flushed change does that. The
  /// moment may come after the database was closed, which SQLite answers with a crash; the log was
  /// flushed then.
  func flush() {
    state.withLock { $0.isFlushDue = false }
    pool.asyncWriteWithoutTransaction { [self] database in
      guard !state.withLock(\.isClosed) else { return }
      _ = try? database.checkpoint(.passive)
    }
  }

  private func commit(_ batch: [Waiting], in database: Database) {
    var failures = [(any Error)?](repeating: nil, count: batch.count)
    do {
      var entries: [JournalEntry] = []
      try database.inTransaction(.immediate) {
        for (index, change) in batch.enumerated() {
          do {
            entries += try apply(change, in: database)
          } catch {
            failures[index] = error
            // Some failures, such as a full disk, end the transaction and with it what went before.
            if !database.isInsideTransaction { throw error }
          }
        }
        return .commit
      }
      serials.publish(entries)
    } catch {
      let reason = CatalogError(error)
      failures = failures.map { $0 ?? reason }
    }
    for (change, failure) in zip(batch, failures) { change.finish(failure) }
  }

  private func apply(_ change: Waiting, in database: Database) throws -> [JournalEntry] {
    let notes = CatalogTransaction.Notes()
    try inSavepoint(of: database) {
      let connection = Connection(database, tally)
      try change.apply(
        CatalogTransaction(connection: connection, notes: notes, names: names)
      )
      guard change.durability == .flushed || notes.entries.isEmpty else {
        throw CatalogError.refused("it writes the journal, which no power cut may take back")
      }
    }
    return notes.entries
  }

  /// Takes back what was done since the savepoint; where that fails, the whole transaction.
  private func undoSavepoint(of database: Database) {
    do {
      try database.cachedStatement(sql: "ROLLBACK TO SAVEPOINT change").execute()
      try database.cachedStatement(sql: "RELEASE SAVEPOINT change").execute()
    } catch {
      try? database.rollback()
    }
  }

  /// Runs `body` so that it leaves all or nothing.
  ///
  /// With statements that are prepared once: the driver's own savepoints are parsed anew each time,
  /// an eighth of what the rows of a small file cost.
  private func inSavepoint(of database: Database, _ body: () throws -> Void) throws {
    try database.cachedStatement(sql: "SAVEPOINT change").execute()
    do {
      try body()
      try database.cachedStatement(sql: "RELEASE SAVEPOINT change").execute()
    } catch {
      // A transaction that has ended took its savepoints with it.
      if database.isInsideTransaction { undoSavepoint(of: database) }
      throw error
    }
  }
}
