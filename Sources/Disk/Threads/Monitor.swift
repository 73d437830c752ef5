import Glibc

/// State behind a lock that threads can wait on: a mutex and a condition (pthread_cond_wait(3)).
///
/// For plain threads only; a task that waited here would block a thread of the shared pool.
///
/// `@unchecked Sendable`: `state` is touched with the mutex held, and by nothing else.
@safe
package final class Monitor<State>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var state: State

  package init(_ state: sending State) {
    self.state = state
    unsafe mutex = .allocate(capacity: 1)
    unsafe condition = .allocate(capacity: 1)
    // SAFETY: both were just allocated, and stay where they are until `deinit`. The calls fail
    // only for attributes that are not used here.
    unsafe pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(condition, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    // SAFETY: nobody waits on what nobody refers to.
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  /// Runs `body` with the lock held.
  package func withLock<Value>(_ body: (inout State) -> Value) -> Value {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body(&state)
  }

  /// Runs `body` with the lock held, again after each signal, until it returns a value.
  package func wait<Value>(_ body: (inout State) -> Value?) -> Value {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      if let value = body(&state) { return value }
      unsafe pthread_cond_wait(condition, mutex)
    }
  }

  /// As ``wait(_:)``, but returns nil once `timeout` has passed.
  package func wait<Value>(atMost timeout: Duration, _ body: (inout State) -> Value?) -> Value? {
    var deadline = Self.deadline(after: timeout)
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      if let value = body(&state) { return value }
      if unsafe pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT {
        return body(&state)
      }
    }
  }

  /// Lets one waiting thread look again.
  package func signal() {
    unsafe pthread_cond_signal(condition)
  }

  /// Lets all waiting threads look again.
  package func broadcast() {
    unsafe pthread_cond_broadcast(condition)
  }

  private static func deadline(after timeout: Duration) -> timespec {
    var now = timespec()
    // SAFETY: fills a local; CLOCK_MONOTONIC is there on every Linux.
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    let nanoseconds = Int64(now.tv_nsec) + timeout.components.attoseconds / 1_000_000_000
    return timespec(
      tv_sec: now.tv_sec + Int(timeout.components.seconds + nanoseconds / 1_000_000_000),
      tv_nsec: Int(nanoseconds % 1_000_000_000)
    )
  }
}
