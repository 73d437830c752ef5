/// The weight among the parameters of a header's list member (RFC 9110 section 12.4.2).
enum QualityValue {
  /// Returns the weight in thousandths, 0 to 1000; 1000 when there is none.
  static func read(_ parameters: ArraySlice<Substring>) -> Int {
    for parameter in parameters {
      let sides = parameter.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, Array(sides[0].utf8).trimmed.map(\.lowercased) == [0x71] else {
        continue
      }
      return weight(Array(sides[1].utf8).trimmed)
    }
    return 1000
  }

  /// Reads `0.25` as 250.
  ///
  /// What is no weight counts as 1000: the client wants the thing, after all.
  private static func weight(_ text: ArraySlice<UInt8>) -> Int {
    guard let whole = text.first, whole.isDigit else { return 1000 }
    if whole != UInt8(ascii: "0") { return 1000 }
    var thousandths = 0
    var place = 100
    for byte in text.dropFirst(2).prefix(3) {
      guard byte.isDigit else { return 1000 }
      thousandths += Int(byte - UInt8(ascii: "0")) * place
      place /= 10
    }
    return thousandths
  }
}
