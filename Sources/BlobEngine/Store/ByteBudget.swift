import Synchronization

/// A bounded number of bytes, lent in the order of asking.
///
/// Nobody overtakes: a large request at the head of the line holds small ones back until it is
/// served, so no task starves. With a limit of one it is a lock for tasks.
final class ByteBudget: Sendable {
  private struct State {
    var free: Int
    var waiting: [(byteCount: Int, continuation: CheckedContinuation<Void, Never>)] = []
    var next = 0
  }

  let limit: Int
  private let state: Mutex<State>

  init(limit: Int) {
    self.limit = max(1, limit)
    state = Mutex(State(free: self.limit))
  }

  /// How many tasks wait.
  var waitingCount: Int { state.withLock { $0.waiting.count - $0.next } }

  /// Waits until `byteCount` bytes are free, and takes them; no more than ``limit`` counts.
  ///
  /// A cancelled task goes on waiting: whoever holds bytes gives them back in bounded time, and
  /// a caller that gave up half-way would have to be told apart everywhere.
  func take(_ byteCount: Int) async {
    let byteCount = min(byteCount, limit)
    let isTaken = state.withLock { Self.takeAtOnce(byteCount, &$0) }
    if isTaken { return }
    await withCheckedContinuation { continuation in
      let isTaken = state.withLock { state in
        if Self.takeAtOnce(byteCount, &state) { return true }
        state.waiting.append((byteCount, continuation))
        return false
      }
      if isTaken { continuation.resume() }
    }
  }

  /// Gives back what ``take(_:)`` took.
  func give(_ byteCount: Int) {
    let byteCount = min(byteCount, limit)
    let served = state.withLock { state in
      state.free += byteCount
      precondition(state.free <= limit, "no more is given back than was taken")
      return Self.serve(&state)
    }
    for continuation in served { continuation.resume() }
  }

  private static func takeAtOnce(_ byteCount: Int, _ state: inout State) -> Bool {
    guard state.next == state.waiting.count, state.free >= byteCount else { return false }
    state.free -= byteCount
    return true
  }

  private static func serve(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
    var served: [CheckedContinuation<Void, Never>] = []
    while state.next < state.waiting.count {
      let first = state.waiting[state.next]
      guard state.free >= first.byteCount else { break }
      state.free -= first.byteCount
      state.next += 1
      served.append(first.continuation)
    }
    // The line is moved up when most of it has been served, so that each place moves once or so.
    if state.next > state.waiting.count / 2 {
      state.waiting.removeFirst(state.next)
      state.next = 0
    }
    return served
  }
}
