internal import Catalog
internal import Repository
internal import Synchronization

/// Keeps a dead source from costing every request its timeout.
///
/// ```
///   closed ──failures in a row──▶ open ──open time over──▶ half open ──success──▶ closed
///                                  ▲                          │
///                                  └────────failure───────────┘
/// ```
///
/// Half open lets one request through; the others are refused meanwhile, at once.
final class Circuit: Sendable {
  private struct State {
    var failures = 0
    var openUntil: Timestamp?
    var lastFailure: ExternalFailure?
    var isProbing = false
  }

  private let clock: any DepotClock
  private let failuresToOpen: Int
  private let openTime: Duration
  private let states = Mutex<[WebOrigin: State]>([:])

  init(clock: any DepotClock, options: UpstreamOptions) {
    self.clock = clock
    self.failuresToOpen = options.failuresToOpen
    self.openTime = options.openTime
  }

  /// Lets a request through, or refuses it with why the last ones failed.
  func pass(_ origin: WebOrigin) throws(ExternalFailure) {
    let now = clock.now()
    let refusal = states.withLock { states -> ExternalFailure? in
      guard let state = states[origin], let openUntil = state.openUntil else { return nil }
      guard now < openUntil || state.isProbing else {
        states[origin]?.isProbing = true
        return nil
      }
      var failure = state.lastFailure ?? ExternalFailure(.unreachable, "\(origin) fails")
      failure.retryAfter = max(openUntil - now, .seconds(1))
      return failure
    }
    if let refusal { throw refusal }
  }

  /// Takes in that the origin answered.
  func succeed(_ origin: WebOrigin) {
    states.withLock { $0[origin] = nil }
  }

  /// Takes in a failure.
  ///
  /// One that is about the request rather than the origin counts as an answer.
  func fail(_ origin: WebOrigin, _ failure: ExternalFailure) {
    guard failure.isTransient else { return succeed(origin) }
    let now = clock.now()
    states.withLock { states in
      var state = states[origin] ?? State()
      state.failures += 1
      state.lastFailure = failure
      let wasProbing = state.isProbing
      state.isProbing = false
      if state.failures >= failuresToOpen || wasProbing {
        state.openUntil = now + openTime
      }
      states[origin] = state
    }
  }
}
