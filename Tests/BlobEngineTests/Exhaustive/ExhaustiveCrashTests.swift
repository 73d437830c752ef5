import Simulation
import Testing

@Suite("All small crashes", .tags(.slow, .fault))
struct ExhaustiveCrashTests {
  /// What the workloads are about.
  enum Theme: String, CaseIterable {
    case plain
    case encrypted
    case reclaim
  }

  @Test(arguments: Theme.allCases)
  func `every crash of every short workload leaves a sound store`(_ theme: Theme) {
    let shape: WorkloadShape = theme == .reclaim ? .reclaim : .small
    var conditions = Conditions(options: shape.options)
    if theme == .encrypted { conditions.scope = SimulatedScope(seed: 1) }
    let hasTime = TortureSettings.timeLimit()
    var crashes = ExhaustiveCrashes(conditions: conditions)
    // 2^8 states a crash belong in a long run; 2^5 let a short one see all workloads.
    crashes.unitLimit = TortureSettings.exhaustiveStepCount > 2 ? 8 : 5
    if theme == .reclaim {
      crashes.prelude = ExhaustiveCrashes.reclaimPrelude
      crashes.menu = ExhaustiveCrashes.reclaimMenu
      crashes.unitLimit -= 2
    }
    let report =
      crashes
      .run(lengths: 0...TortureSettings.exhaustiveStepCount) { _ in hasTime() }
    print(
      "exhaustive, \(theme.rawValue), up to \(TortureSettings.exhaustiveStepCount) steps: \(report)"
    )
    for failure in report.failures { Issue.record("\(failure)") }
  }
}
