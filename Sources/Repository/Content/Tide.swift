internal import Synchronization

/// Moments at which what nobody waits for is written, all of it together.
///
/// Rows that are written one by one as files and documents come in cost a transaction each, with
/// the same pages of the same indexes written to the log every time, and a flush each where no
/// other is under way: a fifth of the processor time of an installation of npm's own tree from an
/// empty larder, on the cores that its clients' answers need.
///
/// Whoever does wait for what is written says so, and the moment is now.
final class Tide: Sendable {
  private struct State {
    var waiting: [CheckedContinuation<Void, Never>] = []
    /// How many wait for what is to be written.
    var hurriedCount = 0
  }

  private let period: Duration
  private let state = Mutex(State())

  /// - Parameter period: how long what comes first waits for the others; zero for no wait at all.
  init(period: Duration) {
    self.period = period
  }

  /// Waits for the next moment.
  func turn() async {
    guard period > .zero else { return }
    await withCheckedContinuation { continuation in
      let (isFirst, isNow) = state.withLock { state in
        guard state.hurriedCount == 0 else { return (false, true) }
        state.waiting.append(continuation)
        return (state.waiting.count == 1, false)
      }
      if isNow { continuation.resume() }
      if isFirst { Task { await self.end() } }
    }
  }

  /// Carries out `body`, which waits for what is to be written: until it is over, nobody waits for
  /// others.
  func hurrying<Value, Failure: Error>(
    _ body: () async throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    state.withLock { $0.hurriedCount += 1 }
    defer { state.withLock { $0.hurriedCount -= 1 } }
    release()
    return try await body()
  }

  private func end() async {
    try? await Task.sleep(for: period)
    release()
  }

  private func release() {
    let waiters = state.withLock { state in
      defer { state.waiting = [] }
      return state.waiting
    }
    for waiter in waiters { waiter.resume() }
  }
}
