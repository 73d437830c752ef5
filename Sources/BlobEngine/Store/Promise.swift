import Synchronization

/// An answer that is asked for now and looked at later, by one task.
final class Promise: Sendable {
  private enum State: Sendable {
    case open
    case waited(CheckedContinuation<EngineAnswer, Never>)
    case kept(EngineAnswer)
  }

  private let state = Mutex(State.open)

  /// The answer, waited for if need be.
  var value: EngineAnswer {
    get async {
      await withCheckedContinuation { continuation in
        let answer = state.withLock { state -> EngineAnswer? in
          if case .kept(let answer) = state { return answer }
          state = .waited(continuation)
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    }
  }

  func fulfil(_ answer: EngineAnswer) {
    let waiting = state.withLock { state in
      defer { state = .kept(answer) }
      if case .waited(let continuation) = state { return Optional(continuation) }
      return nil
    }
    waiting?.resume(returning: answer)
  }
}
