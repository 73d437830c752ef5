/// Names for requests, in the form that AWS clients print: a version 4 UUID (RFC 9562).
enum RequestIdentifier {
  static func make() -> String {
    var generator = SystemRandomNumberGenerator()
    var bytes = withRandom(&generator)
    bytes[6] = bytes[6] & 0x0f | 0x40
    bytes[8] = bytes[8] & 0x3f | 0x80
    return text(bytes)
  }

  private static func withRandom(_ generator: inout SystemRandomNumberGenerator) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<2 {
      let word = generator.next()
      for shift in stride(from: 0, to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    return bytes
  }

  private static func text(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var characters: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { characters.append(UInt8(ascii: "-")) }
      characters.append(digits[Int(byte >> 4)])
      characters.append(digits[Int(byte & 15)])
    }
    return String(decoding: characters, as: UTF8.self)
  }
}
