/// How one power cut treats what is volatile.
///
/// A coin for each sector alone would hardly ever keep a large write whole, nor lose one, and most
/// bugs need just that; so each crash first takes a mood, and then throws coins within it.
struct CrashMood {
  private enum Kind {
    /// Nothing volatile survives.
    case losesAll
    /// Everything volatile survives.
    case keepsAll
    /// Each write survives or not, as a whole.
    case byWrite
    /// Each sector survives or not; now and then one is garbage.
    case bySector
    /// Everything survives but for a sector here and there.
    case losesFew
  }

  private let kind: Kind
  private var generator: SeededGenerator
  private var writes: [UInt64: Bool] = [:]

  init(using generator: inout SeededGenerator) {
    kind = generator.pick([.losesAll, .keepsAll, .byWrite, .bySector, .losesFew])
    self.generator = generator.split()
  }

  /// Whether a change that is one unit survives.
  mutating func keepsWhole() -> Bool {
    switch kind {
    case .losesAll: false
    case .keepsAll: true
    case .byWrite, .bySector: generator.once(in: 2)
    case .losesFew: !generator.once(in: 8)
    }
  }

  /// What becomes of the sectors of one page of a write.
  mutating func fate(ofWrite id: UInt64) -> SectorFate {
    switch kind {
    case .losesAll: SectorFate(kept: 0)
    case .keepsAll: SectorFate(kept: SimulatedPage.allSectors)
    case .byWrite: SectorFate(kept: keepsWrite(id) ? SimulatedPage.allSectors : 0)
    case .bySector: SectorFate(kept: mask(), garbled: generator.once(in: 8) ? oneSector() : 0)
    case .losesFew: SectorFate(kept: generator.once(in: 4) ? ~oneSector() : .max)
    }
  }

  private mutating func keepsWrite(_ id: UInt64) -> Bool {
    if let known = writes[id] { return known }
    let keeps = generator.once(in: 2)
    writes[id] = keeps
    return keeps
  }

  private mutating func mask() -> UInt8 {
    UInt8(truncatingIfNeeded: generator.next())
  }

  private mutating func oneSector() -> UInt8 {
    1 << UInt8(generator.below(SimulatedPage.sectorCount))
  }
}
