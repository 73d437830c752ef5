/// What the engine answers a request with.
typealias EngineAnswer = Result<EngineReply, EngineError>

/// Who gets the answer to a request.
enum Addressee: Sendable {
  case task(CheckedContinuation<EngineAnswer, Never>)
  /// Called on the engine's thread, between two turns: it must be brief, and never wait.
  case handler(@Sendable (EngineAnswer) -> Void)
  case nobody

  func receive(_ answer: EngineAnswer) {
    switch self {
    case .task(let continuation): continuation.resume(returning: answer)
    case .handler(let handler): handler(answer)
    case .nobody: break
    }
  }
}
