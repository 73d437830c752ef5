extension Span where Element == UInt8 {
  /// Returns the first place in `start..<end` that a JSON string cannot be passed over at: a quote,
  /// a backslash, a control character, or a byte of a character beyond ASCII; `end` when there is
  /// none.
  ///
  /// Eight bytes at a time, since documents of registries are strings for the most part: carries
  /// between the bytes of a word only ever mark places behind the first one.
  /// - Precondition: `end` is at most `count`.
  /// - Complexity: O(n), a byte in about a quarter of a nanosecond.
  @inlinable
  package func endOfPlainText(from start: Int, to end: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var place = start
    while place + 8 <= end {
      let word: UInt64 = littleEndian(at: place)
      let quotes = word ^ (ones &* 0x22)
      let backslashes = word ^ (ones &* 0x5C)
      let marks =
        ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
        | ((word &- (ones &* 0x20)) & ~word) | word
      let found = marks & (ones &* 0x80)
      if found != 0 { return place + found.trailingZeroBitCount / 8 }
      place += 8
    }
    while place < end, self[place] != 0x22, self[place] != 0x5C, 0x20..<0x80 ~= self[place] {
      place += 1
    }
    return place
  }
}
