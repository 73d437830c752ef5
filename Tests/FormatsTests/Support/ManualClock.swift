import Catalog
import Repository
import Synchronization

/// Time that stands still until it is moved; sleeping returns at once.
final class ManualClock: DepotClock {
  private let time = Mutex(Timestamp(seconds: 1_700_000_000))

  func now() -> Timestamp { time.withLock(\.self) }

  func sleep(for duration: Duration) async { await Task.yield() }

  func advance(by duration: Duration) {
    time.withLock { $0 = $0 + duration }
  }
}
