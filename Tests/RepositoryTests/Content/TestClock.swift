import Catalog
import Repository
import Synchronization

/// A clock that stands still until a test moves it.
///
/// Sleeps shorter than ``instantLimit`` pass at once and move the clock: they are pauses between
/// attempts. Longer ones are patience, and end when the test advances the time past them.
final class TestClock: DepotClock {
  private struct State {
    var now = Timestamp(seconds: 1_700_000_000)
    var sleepers: [Int: (until: Timestamp, wake: CheckedContinuation<Void, Never>)] = [:]
    var cancelled: Set<Int> = []
    var next = 0
  }

  static let instantLimit = Duration.seconds(30)
  private let state = Mutex(State())

  func now() -> Timestamp { state.withLock(\.now) }

  func sleep(for duration: Duration) async {
    guard duration >= Self.instantLimit else { return advance(by: duration) }
    let id = state.withLock { state in
      state.next += 1
      return state.next
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { wake in
        let isOver = state.withLock { state in
          if state.cancelled.remove(id) != nil { return true }
          state.sleepers[id] = (state.now + duration, wake)
          return false
        }
        if isOver { wake.resume() }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        let sleeper = state.sleepers.removeValue(forKey: id)
        if sleeper == nil { state.cancelled.insert(id) }
        return sleeper
      }
      sleeper?.wake.resume()
    }
  }

  /// Moves the time on and wakes whoever has slept long enough.
  func advance(by duration: Duration) {
    let due = state.withLock { state in
      state.now = state.now + duration
      let due = state.sleepers.filter { $0.value.until <= state.now }
      for id in due.keys { state.sleepers[id] = nil }
      return due.values.map(\.wake)
    }
    for wake in due { wake.resume() }
  }

  /// Returns once somebody sleeps.
  func someoneSleeps() async {
    while state.withLock(\.sleepers.isEmpty) { await Task.yield() }
  }
}
