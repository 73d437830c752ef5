import BlobEngine
import Simulation
import Testing

/// An engine broken on purpose is found out: the suites can fail.
@Suite("Mutants", .tags(.slow, .fault))
struct MutantTests {
  /// How many searches there are for each mutant, each from another seed.
  private static let searchCount = 3
  /// The campaigns that ought to notice, where that is not the one of crashes alone.
  private static let campaigns: [String: [Torture.Campaign]] = [
    "ignoreShortWrite": [.faults], "retryFlush": [.faults], "reuseSlotEarly": [.churn],
    "skipReadVerification": [.damage], "truncateOnAnyBadChecksum": [.damage],
    "dropTombstoneEarly": [.burial], "reuseBeforeSwitch": [.reclaim],
    "reuseUnderReaders": [.readers], "renumberCopies": [.reclaim], "switchBlindly": [.readers],
    "settleOutOfOrder": [.uploads], "dropDelayedTombstone": [.delays],
    "reviveMovedList": [.delays], "forgetDelays": [.delays],
    "recipeNotVerified": [.sharing], "collectChunksInUse": [.sharing],
    "recompressionNotVerified": [.recompression],
  ]
  /// How many seeds a search may take.
  private static let seedLimit = 400

  @Test(arguments: TortureSettings.mutants)
  func `a broken engine is caught`(_ name: String) throws {
    let breakage = try #require(Breakages.named.first { $0.name == name }?.breakage)
    let torture = Torture(
      campaigns: Self.campaigns[name] ?? [.crashes],
      breakages: breakage,
      crashOneIn: 3
    )
    let counts = (0..<Self.searchCount).map { search in
      torture.seedCountUntilFailure(from: UInt64(search) * 10_000 + 1, limit: Self.seedLimit)
    }
    let median = counts.map { $0 ?? .max }.sorted()[counts.count / 2]
    let shown = counts.map { $0.map { "\($0)" } ?? "never" }
    print("mutant \(name): caught after \(median) seeds in the median of \(shown)")
    #expect(!counts.contains(nil), "\(name) went unnoticed for \(Self.seedLimit) seeds")
  }
}
