/// One Huffman code of a DEFLATE block (RFC 1951 section 3.2.2).
///
/// Codes of up to nine bits, which are nearly all of them, cost one look into a table of a
/// kilobyte; the few longer ones are walked bit by bit, as Mark Adler's `puff` does for all.
struct HuffmanCode {
  static let longest = 15
  private static let tableBits = 9

  /// For each value of the next nine bits: the symbol in the upper twelve bits, the code's length
  /// in the lower four; 0 where the code is longer or there is none.
  private var table = [UInt16](repeating: 0, count: 1 << tableBits)
  /// How many codes have each length.
  private var counts = [Int](repeating: 0, count: longest + 1)
  /// The symbols in order of their codes.
  private var symbols: [UInt16] = []

  /// Builds the code that gives each symbol the length at its index; 0 leaves a symbol out.
  ///
  /// Returns nil when the lengths fit no code: too many short ones, or too few, save that a code
  /// of one symbol, or of none, is complete enough (section 3.2.7).
  init?(lengths: some Collection<UInt8>) {
    for length in lengths { counts[Int(length)] += 1 }
    counts[0] = 0
    var free = 1
    for length in 1...Self.longest {
      free = free * 2 - counts[length]
      guard free >= 0 else { return nil }
    }
    let used = counts.reduce(0, +)
    guard free == 0 || used == 0 || (used == 1 && counts[1] == 1) else { return nil }
    assignSymbols(lengths, used: used)
    fillTable()
  }

  private mutating func assignSymbols(_ lengths: some Collection<UInt8>, used: Int) {
    var offsets = [Int](repeating: 0, count: Self.longest + 2)
    for length in 1...Self.longest { offsets[length + 1] = offsets[length] + counts[length] }
    symbols = [UInt16](repeating: 0, count: used)
    for (symbol, length) in lengths.enumerated() where length > 0 {
      symbols[offsets[Int(length)]] = UInt16(symbol)
      offsets[Int(length)] += 1
    }
  }

  private mutating func fillTable() {
    var code = 0
    var index = 0
    for length in 1...Self.tableBits {
      for _ in 0..<counts[length] {
        let entry = symbols[index] << 4 | UInt16(length)
        for slot in stride(from: Self.reverse(code, length), to: 512, by: 1 << length) {
          table[slot] = entry
        }
        code += 1
        index += 1
      }
      code <<= 1
    }
  }

  /// Codes are packed with their first bit lowest.
  private static func reverse(_ code: Int, _ length: Int) -> Int {
    var reversed = 0
    for bit in 0..<length where code & (1 << bit) != 0 { reversed |= 1 << (length - 1 - bit) }
    return reversed
  }

  /// What the next bits hold: the symbol in the upper bits and the code's length in the lower
  /// four; 0 when no code begins that way.
  @inline(__always)
  func entry(for bits: UInt64) -> UInt32 {
    let entry = table[Int(bits & 511)]
    return entry != 0 ? UInt32(entry) : longEntry(for: bits)
  }

  private func longEntry(for bits: UInt64) -> UInt32 {
    var code = 0
    var first = 0
    var index = 0
    for length in 1...Self.longest {
      code |= Int(bits >> UInt64(length - 1) & 1)
      if code - first < counts[length] {
        return UInt32(symbols[index + code - first]) << 4 | UInt32(length)
      }
      index += counts[length]
      first = (first + counts[length]) << 1
      code <<= 1
    }
    return 0
  }
}
