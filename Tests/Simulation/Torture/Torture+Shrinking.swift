// A failure of forty steps is a riddle; one of four is a bug report.
extension Torture {
  /// Takes steps away as long as the run still breaks a promise.
  ///
  /// Cheap rather than thorough: halves, quarters and so on down to single steps, a few hundred
  /// runs at most.
  package func shrink(_ failure: TortureFailure, of campaign: Campaign) -> TortureFailure {
    var best = failure
    best.steps = Array(failure.steps.prefix(max(failure.stepNumber, 0)))
    guard let confirmed = retry(best, of: campaign) else { return failure }
    best = confirmed
    var size = max(1, best.steps.count / 2)
    var budget = 200
    while budget > 0 {
      let (smaller, tries) = withoutRuns(of: size, best, campaign, budget)
      budget -= tries
      if let smaller {
        best = smaller
      } else if size > 1 {
        size /= 2
      } else {
        break
      }
    }
    return best
  }

  /// Tries to leave out each run of `size` steps.
  private func withoutRuns(
    of size: Int,
    _ failure: TortureFailure,
    _ campaign: Campaign,
    _ budget: Int
  ) -> (TortureFailure?, tries: Int) {
    var tries = 0
    for start in stride(from: 0, to: failure.steps.count, by: size) where tries < budget {
      tries += 1
      var candidate = failure
      candidate.steps.removeSubrange(start..<min(start + size, failure.steps.count))
      if let smaller = retry(candidate, of: campaign) { return (smaller, tries) }
    }
    return (nil, tries + 1)
  }

  private func retry(_ failure: TortureFailure, of campaign: Campaign) -> TortureFailure? {
    run(campaign, seed: failure.seed, steps: failure.steps).failures.first
  }
}
