/// Names a data key without giving it away: 16 bytes that the key itself decides.
///
/// It stands in every record that was sealed with the key, so that whoever lacks the key can say
/// which one is lacking.
public struct KeyID: Hashable, Sendable {
  /// The bytes, the first in the least significant place.
  package let value: UInt128

  package init(value: UInt128) {
    self.value = value
  }
}

extension KeyID: CustomStringConvertible {
  /// The bytes in hexadecimal, as they are stored.
  public var description: String {
    let digits = String(value.byteSwapped, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }
}
