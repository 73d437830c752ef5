import Simulation
import Testing

/// Random operations on blobs of all sizes, each answer compared with a dictionary's.
@Suite("Model", .tags(.slow, .model))
struct ModelTests {
  @Test func `a store answers as a dictionary would`() {
    let goal = max(10, TortureSettings.crashPointCount / 200)
    let report = TortureSettings.run(Torture(campaigns: [.model])) { $0.workloadCount >= goal }
    print("model: \(report)")
    for failure in report.failures { Issue.record("\(failure)") }
  }
}
