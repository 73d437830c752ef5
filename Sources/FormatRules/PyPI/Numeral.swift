/// A natural number of any length, kept as its decimal digits.
///
/// Version numbers in the wild hold dates and commit counts with more digits than 64 bits carry;
/// digits compare exactly, never overflow, and up to 15 of them live in place.
struct Numeral: Hashable, Sendable {
  static let zero = Numeral(digits: [UInt8(ascii: "0")])

  /// The digits without leading zeros; `0` for nothing.
  let text: String

  /// Takes ASCII digits; an empty run counts as zero.
  init(digits: some Collection<UInt8>) {
    let significant = digits.drop { $0 == UInt8(ascii: "0") }
    self.text = significant.isEmpty ? "0" : String(decoding: significant, as: UTF8.self)
  }
}

extension Numeral: Comparable {
  static func < (left: Numeral, right: Numeral) -> Bool {
    let (leftCount, rightCount) = (left.text.utf8.count, right.text.utf8.count)
    return leftCount == rightCount ? left.text < right.text : leftCount < rightCount
  }
}
