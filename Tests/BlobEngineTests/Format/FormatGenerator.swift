#if canImport(Glibc)
import Glibc
#endif

/// SplitMix64 (Steele, Lea and Flood 2014): random numbers that a printed seed brings back.
struct FormatGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    self.state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }

  mutating func chance(_ one: UInt64, in many: UInt64) -> Bool { next() % many < one }

  /// A number whose length in bits is as likely as any other: small ones and huge ones.
  mutating func anyWidth() -> UInt64 { next() >> (next() % 64) }

  /// The seed of `LARDER_SEED`, or a new one; printed, so that a failure can be run again.
  static func makeSeed(for test: String) -> UInt64 {
    let seed =
      environment("LARDER_SEED").flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
    print("\(test): LARDER_SEED=\(seed)")
    return seed
  }

  /// The value of an environment variable.
  static func environment(_ name: String) -> String? {
    // SAFETY: the pointer is read at once, and tests do not change the environment.
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}
