import Simulation
import Testing

/// Seeded workloads on a simulated disk that loses power, fails or lies.
@Suite("Torture", .tags(.slow, .fault))
struct CrashTortureTests {
  /// The campaigns and the share of the crash points that each visits.
  static let shares: [(campaign: Torture.Campaign, percent: Int)] = [
    (.crashes, 20), (.churn, 5), (.uploads, 10), (.reclaim, 15), (.burial, 10), (.crowd, 10),
    (.sharing, 10), (.recompression, 5), (.delays, 5), (.faults, 10),
  ]

  private static var campaigns: [Torture.Campaign] {
    shares.map(\.campaign).filter {
      $0.rawValue == TortureSettings.campaign ?? $0.rawValue
    }
  }

  @Test(arguments: campaigns)
  func `nothing acknowledged is lost in any crash`(_ campaign: Torture.Campaign) {
    let percent = Self.shares.first { $0.campaign == campaign }?.percent ?? 0
    let goal = TortureSettings.crashPointCount * percent / 100
    let report = TortureSettings.run(Torture(campaigns: [campaign])) {
      $0.crashPointCount >= goal
    }
    print("torture, \(campaign.rawValue): \(report)")
    for failure in report.failures { Issue.record("\(failure)") }
  }

  @Test func `who reads what is moved and deleted gets it whole`() {
    let goal = TortureSettings.crashPointCount / 50
    let report = TortureSettings.run(Torture(campaigns: [.readers])) { $0.workloadCount >= goal }
    print("torture, readers: \(report)")
    for failure in report.failures { Issue.record("\(failure)") }
  }

  @Test func `a disk that lies never makes the store return other bytes`() {
    let goal = TortureSettings.crashPointCount / 20
    let report = TortureSettings.run(Torture(campaigns: [.lies])) { $0.crashPointCount >= goal }
    print("torture, lies: \(report)")
    for failure in report.failures { Issue.record("\(failure)") }
  }

  @Test func `a rotten sector costs one blob at most, and never without a word`() {
    let goal = TortureSettings.crashPointCount / 20
    let report = TortureSettings.run(Torture(campaigns: [.damage])) { $0.recoveryCount >= goal }
    print("torture, damage: \(report)")
    for failure in report.failures { Issue.record("\(failure)") }
  }
}
