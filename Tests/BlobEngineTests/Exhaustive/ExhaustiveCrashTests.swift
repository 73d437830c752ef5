import Simulation
import Testing

@Suite("All small crashes", .tags(.slow, .fault))
struct ExhaustiveCrashTests {
  @Test func `every crash of every short workload leaves a sound store`() {
    let conditions = Conditions(options: WorkloadShape.small.options)
    let hasTime = TortureSettings.timeLimit()
    let report = ExhaustiveCrashes(conditions: conditions)
      .run(lengths: 0...TortureSettings.exhaustiveStepCount) { _ in hasTime() }
    print("exhaustive, up to \(TortureSettings.exhaustiveStepCount) steps: \(report)")
    for failure in report.failures { Issue.record("\(failure)") }
  }
}
