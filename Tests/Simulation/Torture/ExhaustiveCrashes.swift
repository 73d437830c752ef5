import BlobEngine

/// All workloads of a few steps from a fixed menu, a crash after every effect of the last step,
/// and every subset of the last volatile units at each crash.
///
/// The crashes in the steps before the last are those of a shorter workload, and are made there.
/// Source: Mohan et al., "Finding crash-consistency bugs with bounded black-box crash testing",
/// OSDI 2018: most such bugs need no more than three operations.
package struct ExhaustiveCrashes {
  /// How many of the youngest volatile units are taken in all combinations.
  package var unitLimit = 8
  /// The steps that workloads are made of.
  package var menu: [TortureStep.Action] = Self.standardMenu
  /// What comes before them, without crashes.
  package var prelude: [TortureStep.Action] = []
  package let conditions: Conditions
  private let book = RecipeBook()
  private let seen = SeenCrashes()

  package init(conditions: Conditions) {
    self.conditions = conditions
  }

  /// One page, two pages, an upload; deletes of them; the rest of the verbs.
  package static let standardMenu: [TortureStep.Action] = {
    let small = BlobRecipe(byteCount: 100)
    let medium = BlobRecipe(byteCount: 5000)
    let large = BlobRecipe(byteCount: 70_000)
    return [
      .put(small, .flushed), .put(medium, .flushed), .put(large, .flushed), .put(small, .relaxed),
      .delete(small), .delete(large), .checkpoint, .reopen,
    ]
  }()

  /// A store of segments that hold little, as ``reclaimMenu`` needs it.
  package static let reclaimPrelude: [TortureStep.Action] = [
    .put(BlobRecipe(byteCount: 100), .flushed), .put(BlobRecipe(byteCount: 5000), .flushed),
    .put(BlobRecipe(byteCount: 30_000), .flushed), .kill,
    .delete(BlobRecipe(byteCount: 5000)), .put(BlobRecipe(byteCount: 1000), .flushed), .kill,
  ]

  /// What empties segments, and what may come in between.
  package static let reclaimMenu: [TortureStep.Action] = [
    .compact, .checkpoint, .kill, .delete(BlobRecipe(byteCount: 100)),
    .delete(BlobRecipe(byteCount: 30_000)), .put(BlobRecipe(byteCount: 5000), .flushed),
  ]

  /// Runs all workloads of these lengths, or as many as `shouldContinue` lets it.
  package func run(
    lengths: ClosedRange<Int>,
    while shouldContinue: @escaping (TortureReport) -> Bool
  ) -> TortureReport {
    let tally = Tally()
    for length in lengths {
      for number in 0..<power(menu.count, length)
      where tally.report.failures.isEmpty && shouldContinue(tally.report) {
        tally.report.add(run(workload(number, length), while: shouldContinue))
      }
    }
    return tally.report
  }

  /// A class: the optimiser of Swift 6.3.1 returns a local report as it was before the loops.
  private final class Tally {
    var report = TortureReport()
  }

  /// The workload with a number, of a length.
  private func workload(_ number: Int, _ length: Int) -> [TortureStep] {
    var rest = number
    return prelude.map { TortureStep($0) }
      + (0..<length).map { _ in
        defer { rest /= menu.count }
        return TortureStep(menu[rest % menu.count])
      }
  }

  private func power(_ base: Int, _ exponent: Int) -> Int {
    (0..<exponent).reduce(1) { result, _ in result * base }
  }

  private func run(
    _ steps: [TortureStep],
    while shouldContinue: @escaping (TortureReport) -> Bool
  ) -> TortureReport {
    let run = TortureRun(
      campaign: "exhaustive",
      seed: 1,
      steps: steps,
      conditions: conditions,
      crashOneIn: nil
    )
    let examiner = CrashStateExaminer(
      steps: steps,
      conditions: conditions,
      book: book,
      seen: seen
    )
    let limit = unitLimit
    run.onEffect = { stepNumber, medium, ledger, effect in
      guard stepNumber == steps.count else { return }
      let states = CrashStates(of: medium, limit: limit)
      for number in 0..<states.count where shouldContinue(examiner.report) {
        examiner.examine(number, of: states, ledger, effect)
      }
    }
    _ = run.run()
    var report = run.report
    report.add(examiner.report)
    return report
  }
}
