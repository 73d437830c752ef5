package import Catalog

/// A bucket that fills with so many tokens a second, up to a brim; a call takes one or waits.
///
/// A plain value with time as a parameter: kept as the moment at which it would be empty enough
/// for the next call (the "generic cell rate algorithm", ITU-T I.371), which needs one number.
package struct TokenBucket: Hashable, Sendable {
  /// How fast a bucket fills, and how much it holds.
  package struct Rate: Hashable, Sendable {
    /// Calls a second.
    package let perSecond: Double
    /// Calls at once, after a pause.
    package let burst: Double

    /// Makes a rate; nil where either number is not above zero.
    package init?(perSecond: Double, burst: Double? = nil) {
      let burst = burst ?? max(1, perSecond)
      guard perSecond > 0, perSecond.isFinite, burst >= 1, burst.isFinite else { return nil }
      self.perSecond = perSecond
      self.burst = burst
    }
  }

  /// When a bucket that took everything so far will be full again, in microseconds.
  private var fullAt: Double

  /// Makes a full bucket.
  package init() {
    fullAt = 0
  }

  /// Takes a token, or returns how long to wait for one.
  ///
  /// A clock that went back finds the bucket no emptier than the burst allows.
  package mutating func take(at now: Timestamp, _ rate: Rate) -> Duration? {
    let now = Double(now.microseconds)
    let interval = 1_000_000 / rate.perSecond
    let depth = interval * rate.burst
    let start = min(max(fullAt, now), now + depth)
    let wait = start + interval - now - depth
    guard wait <= 0.5 else { return .microseconds(Int64(wait.rounded(.up))) }
    fullAt = start + interval
    return nil
  }
}
