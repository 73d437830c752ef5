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
    // One pass into one array: pieces put together were a seventh of the writer's processor time.
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for place in 0..<32 {
      if place == 8 || place == 12 || place == 16 || place == 20 { text.append(UInt8(ascii: "-")) }
      let half = place < 16 ? high : low
      text.append(Self.digit(UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * (place & 15)))))
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    let value = value & 15
    return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
  }

  /// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators").
  private mutating func word() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }
}
