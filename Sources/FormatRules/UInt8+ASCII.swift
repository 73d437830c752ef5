/// The questions that every parser of textual formats asks of a byte.
extension UInt8 {
  package var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }

  package var isLetter: Bool { lowercased &- UInt8(ascii: "a") < 26 }

  /// The byte with an ASCII capital made small; every other byte as it is.
  package var lowercased: UInt8 {
    self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self
  }

  /// The white space of HTML and JSON: tab, line feed, form feed, carriage return, space.
  package var isBlank: Bool {
    self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0C || self == 0x0D
  }
}

extension Collection<UInt8> where SubSequence == ArraySlice<UInt8> {
  /// The bytes without blanks at either end.
  package var trimmed: ArraySlice<UInt8> {
    var rest = self[startIndex..<endIndex]
    while rest.first?.isBlank == true { rest.removeFirst() }
    while rest.last?.isBlank == true { rest.removeLast() }
    return rest
  }
}

extension Array<UInt8> {
  /// Appends the UTF-8 form of `text`.
  mutating func append(_ text: String) {
    append(contentsOf: text.utf8)
  }
}
