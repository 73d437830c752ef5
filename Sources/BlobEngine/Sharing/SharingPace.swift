/// When members of archives are shared in the background, and how fast.
package struct SharingPace: Hashable, Sendable {
  /// How long after the store was opened the first pass begins.
  package var delay = Duration.seconds(600)
  /// How long after the end of a pass the next one begins.
  package var pause = Duration.seconds(24 * 3600)
  /// A step, of 1 MiB at most, is followed by a rest of so many times its own length: where the
  /// disk is busy a step takes longer, and so does the rest.
  package var restShare = 9

  package init() {}
}

/// Takes the rests of whoever shares members.
struct SharingRests: Sendable {
  /// For who waits for the end: no rests.
  static let none = SharingRests(share: 0) { _ in }

  let share: Int
  let sleep: @Sendable (Duration) async -> Void

  /// Rests from what was done since `start`.
  ///
  /// - Returns: when what comes next begins.
  /// - Throws: ``EngineError/closed`` when the task was cancelled.
  func rest(
    since start: ContinuousClock.Instant
  ) async throws(EngineError) -> ContinuousClock.Instant {
    if share > 0 { await sleep((.now - start) * share) }
    guard share == 0 || !Task.isCancelled else { throw .closed }
    return .now
  }
}
