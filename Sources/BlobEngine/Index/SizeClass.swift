/// A length in 10 bits: a 6-bit exponent and a 4-bit mantissa, rounded up.
///
/// Reading what the class says covers the length it was made of and at most 6.25 % more, so that
/// one device read suffices for a record whose exact length only its head knows.
package struct SizeClass: Hashable, Sendable {
  package let rawValue: UInt16

  /// Reads a class out of its 10 bits.
  package init(rawValue: UInt16) {
    self.rawValue = rawValue & 0x3FF
  }

  /// The smallest class that covers `byteCount` bytes.
  package init(covering byteCount: UInt64) {
    guard byteCount >= 16 else {
      self.rawValue = UInt16(byteCount)
      return
    }
    let shift = UInt64(63 - byteCount.leadingZeroBitCount) - 4
    let lost = byteCount & ((1 << shift) - 1)
    // Rounding up may carry into the exponent, which is what it should do.
    let steps = (byteCount >> shift) + (lost == 0 ? 0 : 1)
    self.rawValue = UInt16(shift << 4) + UInt16(steps)
  }

  /// The most bytes that a length of this class may have.
  package var byteCount: UInt64 {
    let exponent = UInt64(rawValue >> 4)
    let mantissa = UInt64(rawValue & 15)
    guard exponent > 0 else { return mantissa }
    return exponent - 1 < 59 ? (16 + mantissa) << (exponent - 1) : .max
  }
}
