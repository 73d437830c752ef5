import Catalog
import Repository
import Synchronization

/// A clock on which every sleep passes at once and moves the time.
final class StandingClock: DepotClock {
  private let state = Mutex<(now: Timestamp, slept: [Duration])>(
    (Timestamp(seconds: 1_700_000_000), [])
  )

  /// How long was slept, in order.
  var slept: [Duration] { state.withLock(\.slept) }

  func now() -> Timestamp { state.withLock(\.now) }

  func sleep(for duration: Duration) async {
    advance(by: duration)
    state.withLock { $0.slept.append(duration) }
  }

  func advance(by duration: Duration) {
    state.withLock { $0.now = $0.now + duration }
  }
}
