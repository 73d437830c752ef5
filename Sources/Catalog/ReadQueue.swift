internal import GRDB
internal import Synchronization

/// Answers questions in the order they came, many from one snapshot when many wait.
///
/// A snapshot of its own for each costs two hand-overs between threads and four statements, which
/// is most of what a look-up of one row takes. So whoever has opened one goes on with everything
/// that was asked before that: it sees all that they have to see. A long reading holds up nobody
/// but itself, since the others are taken one by one by whoever is free.
final class ReadQueue: Sendable {
  typealias Reading = @Sendable (Result<CatalogSnapshot, any Error>) -> Void

  private struct State {
    var waiting: [(number: UInt64, reading: Reading)] = []
    var lastNumber: UInt64 = 0
    /// How many snapshots are open, or about to be.
    var openCount = 0
  }

  private let pool: DatabasePool
  private let tally: RowTally
  private let state = Mutex(State())

  init(pool: DatabasePool, tally: RowTally) {
    self.pool = pool
    self.tally = tally
  }

  /// Has `reading` run on a reader's thread, with a snapshot that is younger than this call.
  func enqueue(_ reading: @escaping Reading) {
    let opens = state.withLock { state in
      state.lastNumber += 1
      state.waiting.append((state.lastNumber, reading))
      guard state.openCount < CatalogDatabase.readerCount else { return false }
      state.openCount += 1
      return true
    }
    if opens { open() }
  }

  private func open() {
    // Before the snapshot is: what comes later may have to see more.
    let horizon = state.withLock(\.lastNumber)
    pool.asyncRead { [self] access in
      let snapshot = access.map { CatalogSnapshot(connection: Connection($0, tally)) }
        .mapError { CatalogError($0) as any Error }
      while let reading = next(upTo: horizon) { reading(snapshot) }
      if mustGoOn() { open() }
    }
  }

  private func next(upTo horizon: UInt64) -> Reading? {
    state.withLock { state in
      guard let first = state.waiting.first, first.number <= horizon else { return nil }
      state.waiting.removeFirst()
      return first.reading
    }
  }

  private func mustGoOn() -> Bool {
    state.withLock { state in
      if state.waiting.isEmpty { state.openCount -= 1 }
      return !state.waiting.isEmpty
    }
  }
}
