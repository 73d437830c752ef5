import Bytes
import Simulation

/// What the killed processes have acknowledged, and so what must be there, or must not.
struct TortureLedger {
  enum State {
    case stored
    /// A delete was asked for and not acknowledged: the blob is there or not.
    case deleting
    case deleted
  }

  struct Fate {
    let key: SHA256Digest
    var state: State
    let round: Int
  }

  private(set) var storedInRound = 0
  private(set) var deletedInRound = 0
  private var fates: [UInt64: Fate] = [:]
  private var round = 0

  mutating func beginRound() {
    round += 1
    (storedInRound, deletedInRound) = (0, 0)
  }

  mutating func add(_ line: TortureLine) {
    switch line {
    case .ready, .measured, .reads: break
    case .stored(let number, let digits):
      guard let key = SHA256Digest(hexadecimal: digits) else { return }
      fates[number] = Fate(key: key, state: .stored, round: round)
      storedInRound += 1
    case .deleting(let number): fates[number]?.state = .deleting
    case .deleted(let number):
      fates[number]?.state = .deleted
      deletedInRound += 1
    }
  }

  /// What is known to be there, in the order of its numbers.
  var stored: [(number: UInt64, key: SHA256Digest)] {
    fates.filter { $0.value.state == .stored }.map { ($0.key, $0.value.key) }
      .sorted { $0.0 < $1.0 }
  }

  /// Takes note of what became of a blob whose fate was open.
  mutating func settle(_ number: UInt64, isThere: Bool) {
    fates[number]?.state = isThere ? .stored : .deleted
  }

  /// The blobs to look at: all, or those of the last two rounds and some of the older ones.
  func sample(
    all: Bool,
    using generator: inout SeededGenerator
  ) -> [(number: UInt64, fate: Fate)] {
    var picked: [(UInt64, Fate)] = []
    for (number, fate) in fates.sorted(by: { $0.key < $1.key }) {
      if all || fate.round >= round - 1 || generator.once(in: 20) { picked.append((number, fate)) }
    }
    return picked
  }
}
