internal import Catalog
internal import Repository
internal import Synchronization

/// Keeps a dead source from costing every request its timeout, and leaves one alone that asks for
/// it.
///
/// ```
///   closed ──failures in a row──▶ open ──open time over──▶ half open ──success──▶ closed
///                                  ▲                          │
///                                  └────────failure───────────┘
/// ```
///
/// Half open lets one request through; the others are refused meanwhile, at once. A source that
/// names a time in `Retry-After` gets that rest from everyone, not from the one request that was
/// told: short ones are waited out, long ones are refused.
final class Circuit: Sendable {
  /// What changed for an origin, for the log.
  enum Change: Hashable, Sendable {
    case opened(failures: Int)
    case closed
  }

  private struct State {
    var failures = 0
    var openUntil: Timestamp?
    var rest: Rest?
    var lastFailure: ExternalFailure?
    var isProbing = false
  }

  /// A time for which the origin asked to be left alone, and the answer that said so.
  private struct Rest {
    let until: Timestamp
    let why: ExternalFailure
  }

  private let clock: any DepotClock
  private let failuresToOpen: Int
  private let openTime: Duration
  private let longestRest: Duration
  private let states = Mutex<[WebOrigin: State]>([:])

  init(clock: any DepotClock, options: UpstreamOptions) {
    self.clock = clock
    self.failuresToOpen = options.failuresToOpen
    self.openTime = options.openTime
    self.longestRest = options.longestRest
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

  /// Whether the origin has answered since it last failed, and does not want to be left alone.
  func isSound(_ origin: WebOrigin) -> Bool {
    let now = clock.now()
    return states.withLock { states in
      guard let state = states[origin] else { return true }
      return state.failures == 0 && state.rest.map { $0.until <= now } ?? true
    }
  }

  /// Takes in that nobody wants to know any more how a request ended, which says nothing of the
  /// origin: if it was to find out, the next one is.
  func abandon(_ origin: WebOrigin) {
    states.withLock { $0[origin]?.isProbing = false }
  }

  /// How long the origin still wants to be left alone; nil when it does not.
  func rest(of origin: WebOrigin) -> (left: Duration, why: ExternalFailure)? {
    let now = clock.now()
    return states.withLock { states in
      guard let rest = states[origin]?.rest, now < rest.until else { return nil }
      return (rest.until - now, rest.why)
    }
  }

  /// Takes in that the origin answered.
  ///
  /// A rest that it asked for stands: what answers now was sent before, and of 64 requests in
  /// flight the one that is told to come back later is seldom the last to be answered.
  @discardableResult
  func succeed(_ origin: WebOrigin) -> Change? {
    let now = clock.now()
    return states.withLock { states in
      guard let state = states.removeValue(forKey: origin) else { return nil }
      if let rest = state.rest, now < rest.until { states[origin] = State(rest: rest) }
      return state.openUntil == nil ? nil : .closed
    }
  }

  /// Takes in a failure.
  ///
  /// One that is about the request rather than the origin counts as an answer.
  @discardableResult
  func fail(_ origin: WebOrigin, _ failure: ExternalFailure) -> Change? {
    guard failure.isTransient else { return succeed(origin) }
    let now = clock.now()
    return states.withLock { states in
      var state = states[origin] ?? State()
      state.failures += 1
      state.lastFailure = failure
      let wasProbing = state.isProbing
      state.isProbing = false
      if let asked = failure.retryAfter {
        let until = now + min(asked, longestRest)
        if until > state.rest?.until ?? now { state.rest = Rest(until: until, why: failure) }
      }
      let wasOpen = state.openUntil != nil
      if state.failures >= failuresToOpen || wasProbing {
        state.openUntil = now + openTime
      }
      states[origin] = state
      return wasOpen || state.openUntil == nil ? nil : .opened(failures: state.failures)
    }
  }
}
