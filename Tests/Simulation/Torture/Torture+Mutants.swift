// A suite that finds nothing may be a bad suite: an engine broken on purpose must be found out.
extension Torture {
  /// Returns how many seeds it takes, from `seed` on, until one of the campaigns fails; nil when
  /// none does within `limit` seeds.
  package func seedCountUntilFailure(from seed: UInt64, limit: Int) -> Int? {
    (1...limit).first { count in
      campaigns.contains { !run($0, seed: seed &+ UInt64(count)).failures.isEmpty }
    }
  }
}
