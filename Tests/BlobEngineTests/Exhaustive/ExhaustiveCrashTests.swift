import BlobEngine
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
    let report = Self.report(theme)
    print(
      "exhaustive, \(theme.rawValue), up to \(TortureSettings.exhaustiveStepCount) steps: \(report)"
    )
    for failure in report.failures { Issue.record("\(failure)") }
  }

  @Test(arguments: [
    (Theme.plain, "skipFlush"), (.plain, "acknowledgeEarly"), (.plain, "dropTombstone"),
    (.encrypted, "skipDirectoryFlush"), (.reclaim, "reuseBeforeSwitch"),
  ])
  func `short workloads catch a broken engine`(_ theme: Theme, _ name: String) throws {
    let breakage = try #require(Breakages.named.first { $0.name == name }?.breakage)
    let report = Self.report(theme, breakages: breakage)
    print("exhaustive, \(theme.rawValue), \(name): \(report)")
    #expect(!report.failures.isEmpty)
  }

  private static func report(_ theme: Theme, breakages: Breakages = []) -> TortureReport {
    let shape: WorkloadShape = theme == .reclaim ? .reclaim : .small
    var conditions = Conditions(options: shape.options, breakages: breakages)
    if theme == .encrypted {
      conditions.scope = SimulatedScope(seed: 1, breakages: breakages)
    }
    let hasTime = TortureSettings.timeLimit()
    var crashes = ExhaustiveCrashes(conditions: conditions)
    // 2^8 states a crash belong in a long run; 2^6 let a short one see all workloads.
    crashes.unitLimit = TortureSettings.exhaustiveStepCount > 2 ? 8 : 6
    if theme == .reclaim {
      crashes.prelude = ExhaustiveCrashes.reclaimPrelude
      crashes.menu = ExhaustiveCrashes.reclaimMenu
      crashes.unitLimit -= 2
    }
    return crashes.run(lengths: 0...TortureSettings.exhaustiveStepCount) { _ in hasTime() }
  }
}
