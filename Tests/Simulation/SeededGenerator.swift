/// A small random generator whose every number follows from its seed: SplitMix64.
///
/// A failed run is replayed by its seed, so the standard library's generator will not do.
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) {
    state = seed
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Returns a number from 0 up to but not including `bound`.
  ///
  /// - Precondition: `bound` is positive.
  package mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "there is a number to return")
    return Int(truncatingIfNeeded: next() % UInt64(bound))
  }

  /// Returns true once in `count` times on average.
  package mutating func once(in count: Int) -> Bool {
    below(count) == 0
  }

  /// Returns one of the elements.
  ///
  /// - Precondition: there is one.
  package mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }

  /// Returns a generator of its own for a part of the run, so that a change in one part does not
  /// shift the numbers of all the others.
  package mutating func split() -> SeededGenerator {
    SeededGenerator(seed: next())
  }

  /// Returns `byteCount` bytes that follow from the seed.
  package mutating func bytes(_ byteCount: Int) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(byteCount + 8)
    while result.count < byteCount {
      var word = next()
      for _ in 0..<8 {
        result.append(UInt8(truncatingIfNeeded: word))
        word >>= 8
      }
    }
    result.removeLast(result.count - byteCount)
    return result
  }
}
