internal import Synchronization

/// Work that goes on behind the answers to clients, and that nobody has to wait for.
final class Errands: Sendable {
  private struct State {
    var lastNumber: UInt64 = 0
    var waits: [UInt64: @Sendable () async -> Void] = [:]
  }

  private let state = Mutex(State())

  /// Begins `work`, and counts it as under way until it is over.
  @discardableResult
  func run<Value: Sendable>(
    _ work: @escaping @Sendable () async -> Value
  ) -> Task<Value, Never> {
    // Begun under the lock: it is entered before it can take itself off.
    state.withLock { state in
      state.lastNumber += 1
      let number = state.lastNumber
      let task = Task {
        let value = await work()
        self.state.withLock { _ = $0.waits.removeValue(forKey: number) }
        return value
      }
      state.waits[number] = { _ = await task.value }
      return task
    }
  }

  /// Waits until nothing is under way, what was begun meanwhile included.
  func settle() async {
    while let wait = state.withLock(\.waits.values.first) { await wait() }
  }
}
