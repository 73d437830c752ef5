internal import Synchronization

/// Moments at which what nobody waits for is written, all of it together.
///
/// Rows that are written one by one as files and documents come in cost a transaction each, with
/// the same pages of the same indexes written to the log every time, and a flush each where no
/// other is under way: a fifth of the processor time of an installation of npm's own tree from an
/// empty larder, on the cores that its clients' answers need.
final class Tide: Sendable {
  private let period: Duration
  private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])

  /// - Parameter period: how long what comes first waits for the others; zero for no wait at all.
  init(period: Duration) {
    self.period = period
  }

  /// Waits for the next moment.
  func turn() async {
    guard period > .zero else { return }
    await withCheckedContinuation { continuation in
      let isFirst = waiting.withLock { waiting in
        waiting.append(continuation)
        return waiting.count == 1
      }
      if isFirst { Task { await self.end() } }
    }
  }

  private func end() async {
    try? await Task.sleep(for: period)
    let waiters = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    for waiter in waiters { waiter.resume() }
  }
}
