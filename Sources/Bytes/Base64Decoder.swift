/// Decodes base 64 with padding (RFC 4648 section 4) in pieces: an archive of 100 MB comes inside
/// one JSON string.
package struct Base64Decoder {
  /// The value of each byte; 64 for the padding, 255 for what is not in the alphabet.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, byte) in Base64.standard.enumerated() { values[Int(byte)] = UInt8(value) }
    values[Int(UInt8(ascii: "="))] = padding
    return values
  }()
  private static let padding: UInt8 = 64

  private var bits: UInt32 = 0
  private var digitCount = 0
  private var paddingCount = 0

  package init() {}

  /// Decodes more digits onto `output`; false when there is one that may not be there.
  package mutating func feed(_ digits: ArraySlice<UInt8>, into output: inout [UInt8]) -> Bool {
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
  package mutating func finish(into output: inout [UInt8]) -> Bool {
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
}
