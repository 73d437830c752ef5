internal import Synchronization

/// A value that is made once and that any number of tasks wait for.
final class Pending<Value: Sendable>: Sendable {
  private struct State {
    var value: Value?
    var waiters: [UInt64: CheckedContinuation<Value?, Never>] = [:]
    var nextWaiter: UInt64 = 0
    /// Waits that were over before their continuation was there.
    var expired: Set<UInt64> = []
  }

  private let state = Mutex(State())

  /// The value, if it is there.
  var current: Value? { state.withLock(\.value) }

  /// Settles the value and wakes everyone.
  ///
  /// Only the first call counts.
  func resolve(_ value: Value) {
    let waiters = state.withLock { state -> [CheckedContinuation<Value?, Never>] in
      guard state.value == nil else { return [] }
      state.value = value
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume(returning: value) }
  }

  /// Waits for the value, however long it takes.
  func value() async -> Value {
    while true {
      if let value = await wait(as: reserve()) { return value }
    }
  }

  /// Waits for the value for at most `patience`; nil when it was not there by then.
  func value(within patience: Duration, of clock: any DepotClock) async -> Value? {
    let waiter = reserve()
    let timer = Task {
      await clock.sleep(for: patience)
      expire(waiter)
    }
    defer { timer.cancel() }
    return await wait(as: waiter)
  }

  private func reserve() -> UInt64 {
    state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
  }

  private func wait(as waiter: UInt64) async -> Value? {
    await withCheckedContinuation { continuation in
      let settled = state.withLock { state -> Bool in
        if state.value != nil || state.expired.remove(waiter) != nil { return true }
        state.waiters[waiter] = continuation
        return false
      }
      if settled { continuation.resume(returning: current) }
    }
  }

  private func expire(_ waiter: UInt64) {
    let continuation = state.withLock { state -> CheckedContinuation<Value?, Never>? in
      if let continuation = state.waiters.removeValue(forKey: waiter) { return continuation }
      if state.value == nil { state.expired.insert(waiter) }
      return nil
    }
    continuation?.resume(returning: nil)
  }
}
