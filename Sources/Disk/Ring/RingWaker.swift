import Ring
import Synchronization

/// Wakes a ring's thread, with a system call only when that thread sleeps.
///
/// Either the sleeper sees `called` before it sleeps, or the waker sees `asleep` and raises the
/// event: both sides store first and look then, in one total order.
final class RingWaker: DiskWaker {
  let event: Event
  private let called = Atomic(false)
  private let asleep = Atomic(false)

  init() throws(SystemError) {
    event = try Event()
  }

  func wake() {
    if called.exchange(true, ordering: .sequentiallyConsistent) { return }
    if asleep.load(ordering: .sequentiallyConsistent) { event.raise() }
  }

  /// Announces that the ring's thread is about to sleep, and answers whether it may.
  func prepareToSleep() -> Bool {
    asleep.store(true, ordering: .sequentiallyConsistent)
    return !called.load(ordering: .sequentiallyConsistent)
  }

  /// Ends the sleep, and answers whether somebody called.
  func rise() -> Bool {
    asleep.store(false, ordering: .sequentiallyConsistent)
    return called.exchange(false, ordering: .sequentiallyConsistent)
  }
}
