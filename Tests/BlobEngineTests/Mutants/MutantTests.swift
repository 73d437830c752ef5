import BlobEngine
import Simulation
import Testing

/// An engine broken on purpose is found out: the suites can fail.
@Suite("Mutants", .tags(.slow, .fault))
struct MutantTests {
  /// How many searches there are for each mutant, each from another seed.
  private static let searchCount = 3
  /// How many seeds a search may take.
  private static let seedLimit = 400

  @Test(arguments: Breakages.named.map(\.name))
  func `a broken engine is caught`(_ name: String) throws {
    let breakage = try #require(Breakages.named.first { $0.name == name }?.breakage)
    let torture = Torture(
      campaigns: [.crashes, .churn, .damage, .faults],
      breakages: breakage,
      crashOneIn: 3
    )
    let counts = (0..<Self.searchCount).map { search in
      seedCount(torture, from: UInt64(search) * 10_000 + 1)
    }
    let median = counts.sorted()[counts.count / 2]
    print("mutant \(name): caught after \(median) seeds in the median of \(counts)")
    #expect(counts.allSatisfy { $0 <= Self.seedLimit }, "\(name) went unnoticed")
  }

  /// How many seeds it takes until a campaign fails.
  private func seedCount(_ torture: Torture, from seed: UInt64) -> Int {
    for count in 1...Self.seedLimit {
      let isCaught = torture.campaigns.contains {
        !torture.run($0, seed: seed + UInt64(count)).failures.isEmpty
      }
      if isCaught { return count }
    }
    return Self.seedLimit + 1
  }
}
