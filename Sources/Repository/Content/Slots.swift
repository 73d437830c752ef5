internal import Synchronization

/// So many at once, the others in the order they came.
package final class Slots: Sendable {
  private struct State {
    var free: Int
    var waiters: [CheckedContinuation<Void, Never>] = []
    var first = 0
  }

  private let state: Mutex<State>

  package init(count: Int) {
    state = Mutex(State(free: count))
  }

  /// Waits for a slot; whoever has it must ``release()`` it.
  package func take() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        guard state.free == 0 else {
          state.free -= 1
          return true
        }
        state.waiters.append(continuation)
        return false
      }
      if isFree { continuation.resume() }
    }
  }

  /// Gives a slot back, to whoever waits longest.
  package func release() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.first < state.waiters.count else {
        state.free += 1
        return nil
      }
      let next = state.waiters[state.first]
      state.first += 1
      if state.first * 2 > state.waiters.count {
        state.waiters.removeFirst(state.first)
        state.first = 0
      }
      return next
    }
    next?.resume()
  }
}

/// Slots in someone's hands; giving them back twice does no harm.
package final class SlotHold: Sendable {
  private let slots: [Slots]
  private let isHeld = Mutex(true)

  /// Waits for a slot of each, in this order: everybody has to keep to the same one.
  package static func take(from slots: Slots...) async -> SlotHold {
    for slots in slots { await slots.take() }
    return SlotHold(slots)
  }

  private init(_ slots: [Slots]) {
    self.slots = slots
  }

  deinit { release() }

  package func release() {
    let wasHeld = isHeld.withLock { isHeld in
      defer { isHeld = false }
      return isHeld
    }
    if wasHeld { for slots in slots { slots.release() } }
  }
}
