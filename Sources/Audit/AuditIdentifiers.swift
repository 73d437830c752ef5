import Bytes

/// Names for records: version 4 UUIDs (RFC 9562) from a seeded generator of the trail's own.
///
/// They have to differ, and nobody is kept from guessing them: asking the system for randomness for
/// each would cost more than writing the record.
struct AuditIdentifiers {
  private var state: UInt64

  init() {
    var system = SystemRandomNumberGenerator()
    self.state = system.next()
  }

  mutating func next() -> String {
    let high = word() & ~0xF000 | 0x4000
    let low = word() & ~(0b11 << 62) | 0b10 << 62
    let digits = Array(Hexadecimal.encode((Self.bytes(of: high) + Self.bytes(of: low))).utf8)
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { text.append(UInt8(ascii: "-")) }
      text.append(digit)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators").
  private mutating func word() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }

  private static func bytes(of word: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
  }
}
