/// Opens every state that a crash may leave, and keeps count.
///
/// A class, since it is called back from within a run.
final class CrashStateExaminer {
  private(set) var report = TortureReport()
  private let steps: [TortureStep]
  private let seen: SeenCrashes
  private var check: RecoveryCheck

  init(steps: [TortureStep], conditions: Conditions, book: RecipeBook, seen: SeenCrashes) {
    self.steps = steps
    self.seen = seen
    check = RecoveryCheck(conditions: conditions, book: book)
  }

  /// Opens one of the states, unless it was opened before or an earlier one was wrong.
  func examine(_ number: Int, of states: CrashStates, _ ledger: Ledger, _ effect: Int) {
    guard report.failures.isEmpty else { return }
    report.crashPointCount += 1
    let state = states.state(number)
    guard seen.insert(state, ledger) else { return }
    let message = check.checkOnce(state, ledger, seed: 7)
    report.recoveryCount = check.recoveryCount
    report.comparedReadCount = check.comparedReadCount
    guard let message else { return }
    report.failures = [
      TortureFailure(
        campaign: "exhaustive",
        seed: 1,
        steps: steps,
        stepNumber: steps.count,
        effectNumber: effect,
        message: "state \(number) of \(states.count): \(message)"
      )
    ]
  }
}
