import Simulation
import Testing

@Suite("All small crashes", .tags(.slow, .fault))
struct ExhaustiveCrashTests {
  @Test(arguments: [false, true])
  func `every crash of every short workload leaves a sound store`(_ isEncrypted: Bool) {
    var conditions = Conditions(options: WorkloadShape.small.options)
    if isEncrypted { conditions.scope = SimulatedScope(seed: 1) }
    let hasTime = TortureSettings.timeLimit()
    var crashes = ExhaustiveCrashes(conditions: conditions)
    // 2^8 states a crash belong in a long run; 2^5 let a short one see all workloads.
    crashes.unitLimit = TortureSettings.exhaustiveStepCount > 2 ? 8 : 5
    let report =
      crashes
      .run(lengths: 0...TortureSettings.exhaustiveStepCount) { _ in hasTime() }
    let name = isEncrypted ? "exhaustive, encrypted" : "exhaustive"
    print("\(name), up to \(TortureSettings.exhaustiveStepCount) steps: \(report)")
    for failure in report.failures { Issue.record("\(failure)") }
  }
}
