import Disk
import Synchronization

/// Where requests wait for the engine's thread, from any number of tasks.
///
/// Every request that is posted is answered exactly once: by the engine, or with
/// ``EngineError/closed`` when the engine has gone.
final class Inbox: Sendable {
  /// A request and who asked.
  struct Call: Sendable {
    let request: EngineRequest
    let addressee: Addressee
  }

  private struct State {
    var calls: [Call] = []
    var waker: (any DiskWaker)?
    var isClosing = false
    var isClosed = false
    var closers: [Addressee] = []
  }

  private let state = Mutex(State())

  /// Whether requests are refused by now.
  var isClosing: Bool { state.withLock { $0.isClosing } }

  /// How many requests the engine has not taken yet.
  var waitingCount: Int { state.withLock { $0.calls.count } }

  /// Asks the engine, and waits for its answer.
  func ask(_ request: EngineRequest) async throws(EngineError) -> EngineReply {
    try await withCheckedContinuation {
      (continuation: CheckedContinuation<EngineAnswer, Never>) in
      post(request, to: .task(continuation))
    }.get()
  }

  /// Leaves a request for the engine, whose answer `addressee` gets.
  func post(_ request: EngineRequest, to addressee: Addressee) {
    let waker = state.withLock { state -> (any DiskWaker)?? in
      guard !state.isClosing else { return nil }
      state.calls.append(Call(request: request, addressee: addressee))
      // Whoever posted the first one has called the engine already.
      return .some(state.calls.count == 1 ? state.waker : nil)
    }
    if let waker {
      waker?.wake()
    } else {
      addressee.receive(.failure(.closed))
    }
  }

  /// Leaves requests for the engine in one go: it takes them in one turn, and sends what they read
  /// to the disk together.
  func post(_ requests: [Call]) {
    let waker = state.withLock { state -> (any DiskWaker)?? in
      guard !state.isClosing else { return nil }
      let wasEmpty = state.calls.isEmpty
      state.calls += requests
      return .some(wasEmpty && !requests.isEmpty ? state.waker : nil)
    }
    if let waker {
      waker?.wake()
    } else {
      for request in requests { request.addressee.receive(.failure(.closed)) }
    }
  }

  /// Lets the engine finish and go; `addressee` hears when the disk has been given back.
  func close(_ addressee: Addressee) {
    let isOver = state.withLock { state in
      guard !state.isClosed else { return true }
      state.closers.append(addressee)
      guard !state.isClosing else { return false }
      state.isClosing = true
      state.calls.append(Call(request: .close, addressee: .nobody))
      state.waker?.wake()
      return false
    }
    if isOver { addressee.receive(.success(.closed)) }
  }
}

// MARK: - The engine's side

extension Inbox {
  /// Says how the engine's thread is woken.
  func connect(_ waker: any DiskWaker) {
    state.withLock { state in
      state.waker = waker
      if !state.calls.isEmpty { waker.wake() }
    }
  }

  /// Moves everything that waits to the end of `calls`, which keeps its memory.
  func take(into calls: inout [Call]) {
    calls.removeAll(keepingCapacity: true)
    state.withLock { swap(&$0.calls, &calls) }
  }

  /// Answers whoever still waits: the last act of the engine's thread, after the disk is gone.
  func end() {
    let (calls, closers) = state.withLock { state in
      state.isClosing = true
      state.isClosed = true
      state.waker = nil
      defer {
        state.calls = []
        state.closers = []
      }
      return (state.calls, state.closers)
    }
    for call in calls { call.addressee.receive(.failure(.closed)) }
    for closer in closers { closer.receive(.success(.closed)) }
  }
}
