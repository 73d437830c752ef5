import Foundation

/// A generator whose whole course one number decides (SplitMix64, Steele and others 2014).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// Starts from `LARDER_SEED`, or from a seed of today that is printed.
  static func make() -> SeededGenerator {
    let given = ProcessInfo.processInfo.environment["LARDER_SEED"].flatMap { UInt64($0) }
    let seed = given ?? UInt64.random(in: 0...UInt64.max)
    print("seed: LARDER_SEED=\(seed)")
    return SeededGenerator(state: seed)
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
