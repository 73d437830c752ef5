/// How long to wait before the next try: twice as long after each failure up to a cap, and some
/// chance in it, so that servers which failed together do not come back together.
///
/// Pure: the chance is a parameter. "Full jitter" (AWS Architecture Blog, "Exponential Backoff and
/// Jitter").
package struct Backoff: Sendable {
  package var first: Duration = .milliseconds(500)
  package var cap: Duration = .seconds(60)

  package init() {}

  /// Returns the wait after the `failure`th failure in a row, counted from 1.
  ///
  /// - Parameters:
  ///   - failure: which one it is.
  ///   - chance: from 0 to 1.
  ///   - asked: what the other side asked for, which is the least.
  /// - Returns: how long to wait.
  package func wait(after failure: Int, chance: Double, asked: Duration? = nil) -> Duration {
    let doublings = min(max(failure, 1) - 1, 20)
    let bound = min(first * (1 << doublings), cap)
    // Never at once: half is certain, half is chance.
    let wait = bound / 2 + bound / 2 * min(max(chance, 0), 1)
    return max(wait, min(asked ?? .zero, cap))
  }
}
