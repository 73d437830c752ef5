/// Base 64 with padding (RFC 4648 section 4), decoded in pieces: an archive of 100 MB comes inside
/// one JSON string.
struct NpmBase64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
  )
  /// The value of each byte; 64 for the padding, 255 for what is not in the alphabet.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
    values[Int(UInt8(ascii: "="))] = padding
    return values
  }()
  private static let padding: UInt8 = 64

  private var bits: UInt32 = 0
  private var digitCount = 0
  private var paddingCount = 0

  /// Decodes more digits onto `output`; false when there is one that may not be there.
  mutating func feed(_ digits: ArraySlice<UInt8>, into output: inout [UInt8]) -> Bool {
    let values = Self.values
    for digit in digits {
      let value = values[Int(digit)]
      if value < Self.padding, paddingCount == 0 {
        bits = bits << 6 | UInt32(value)
        digitCount += 1
        guard digitCount == 4 else { continue }
        output.append(UInt8(truncatingIfNeeded: bits >> 16))
        output.append(UInt8(truncatingIfNeeded: bits >> 8))
        output.append(UInt8(truncatingIfNeeded: bits))
        digitCount = 0
      } else if value == Self.padding {
        paddingCount += 1
      } else {
        return false
      }
    }
    return true
  }

  /// Decodes what is left at the end; false when digits or padding are missing or too many.
  mutating func finish(into output: inout [UInt8]) -> Bool {
    switch (digitCount, paddingCount) {
    case (0, 0): return true
    case (2, 2):
      output.append(UInt8(truncatingIfNeeded: bits >> 4))
      return true
    case (3, 1):
      output.append(UInt8(truncatingIfNeeded: bits >> 10))
      output.append(UInt8(truncatingIfNeeded: bits >> 2))
      return true
    default: return false
    }
  }

  /// Returns the bytes that `text` spells; nil when it spells none.
  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var decoder = NpmBase64()
    var bytes: [UInt8] = []
    guard decoder.feed(Array(text.utf8)[...], into: &bytes), decoder.finish(into: &bytes) else {
      return nil
    }
    return bytes
  }

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
      for place in 0..<4 {
        let digit = alphabet[Int(bits >> UInt32(18 - 6 * place) & 63)]
        text.append(place <= group.count ? digit : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
