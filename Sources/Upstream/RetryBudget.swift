internal import Synchronization

/// Keeps retries a small share of what an origin is sent: a source that fails because it has too
/// much to do must not be sent several times as much for it.
///
/// A bucket of tokens for each origin. A request puts a share of a token in, a retry takes a whole
/// one out, and without one there is no retry: the failure goes to the client, who may come back.
/// A few tokens are there to begin with, so that a quiet origin's hiccup is tried again.
final class RetryBudget: Sendable {
  private let share: Double
  private let capacity: Double
  private let tokens = Mutex<[WebOrigin: Double]>([:])

  init(options: UpstreamOptions) {
    share = options.retryShare
    capacity = Double(options.retryReserve)
  }

  /// Takes in that a request is sent for the first time.
  func deposit(_ origin: WebOrigin) {
    tokens.withLock { $0[origin] = min(capacity, ($0[origin] ?? capacity) + share) }
  }

  /// Takes a token for a retry; false when there is none.
  func withdraw(_ origin: WebOrigin) -> Bool {
    tokens.withLock { tokens in
      let held = tokens[origin] ?? capacity
      guard held >= 1 else { return false }
      tokens[origin] = held - 1
      return true
    }
  }
}
