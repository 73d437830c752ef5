/// All states that a power cut at one instant may leave, as far as their last units tell them
/// apart.
///
/// Every subset of the last `limit` volatile units is there, once with all older units kept and,
/// when there are older ones, once with all of them lost: at most 2 · 2^limit states.
/// Source: Mohan et al., "Finding crash-consistency bugs with bounded black-box crash testing",
/// OSDI 2018, for why the last few writes are where the bugs are.
package struct CrashStates: Sequence, Sendable {
  private let medium: SimulatedMedium
  private let older: Set<VolatileUnit>
  private let last: [VolatileUnit]

  package init(of medium: SimulatedMedium, limit: Int = 8) {
    let units = medium.volatileUnits
    self.medium = medium
    self.older = Set(units.dropLast(limit))
    self.last = Array(units.suffix(limit))
  }

  /// How many states there are.
  package var count: Int {
    (older.isEmpty ? 1 : 2) << last.count
  }

  /// Returns the state with a number from 0 up to ``count``.
  package func state(_ number: Int) -> SimulatedMedium {
    var kept = number >> last.count == 0 ? older : []
    for (index, unit) in last.enumerated() where number & (1 << index) != 0 {
      kept.insert(unit)
    }
    return medium.afterCrash(keeping: kept)
  }

  package func makeIterator() -> some IteratorProtocol<SimulatedMedium> {
    (0..<count).lazy.map { state($0) }.makeIterator()
  }
}
