/// Bits of a byte stream that arrives in pieces, lowest bit of each byte first (RFC 1951 section
/// 3.1.1).
struct BitReader {
  private var input: [UInt8] = []
  private var position = 0
  private var bits: UInt64 = 0
  private var bitCount = 0

  /// A place to come back to when a unit turns out to be cut by the end of the input so far.
  struct Mark {
    fileprivate var position: Int
    fileprivate var bits: UInt64
    fileprivate var bitCount: Int
  }

  mutating func append(_ bytes: some Collection<UInt8>) {
    if position > 0 {
      input.removeFirst(position)
      position = 0
    }
    input.append(contentsOf: bytes)
  }

  var mark: Mark { Mark(position: position, bits: bits, bitCount: bitCount) }

  mutating func rewind(to mark: Mark) {
    position = mark.position
    bits = mark.bits
    bitCount = mark.bitCount
  }

  /// Takes in what fits into a word; returns how many bits are at hand.
  @inline(__always)
  mutating func refill() -> Int {
    while bitCount <= 56, position < input.count {
      bits |= UInt64(input[position]) << UInt64(bitCount)
      position += 1
      bitCount += 8
    }
    return bitCount
  }

  /// The bits at hand, those beyond the end as zeros.
  @inline(__always) var upcoming: UInt64 { bits }

  @inline(__always)
  mutating func skip(_ count: Int) {
    bits >>= UInt64(count)
    bitCount -= count
  }

  /// Takes up to 32 bits; nil, and nothing is taken, when they have not all come.
  @inline(__always)
  mutating func take(_ count: Int) -> Int? {
    if bitCount < count, refill() < count { return nil }
    let value = bits & ((1 << UInt64(count)) - 1)
    skip(count)
    return Int(value)
  }

  /// How many whole bytes have come and were not taken.
  var unreadByteCount: Int { input.count - position + bitCount / 8 }

  /// Drops the rest of a byte that was begun.
  mutating func alignToByte() { skip(bitCount & 7) }

  /// Takes whole bytes, as many as have come, at most `count`.
  ///
  /// - Precondition: the reader stands at a byte's start.
  mutating func takeBytes(upTo count: Int) -> ArraySlice<UInt8> {
    position -= bitCount / 8
    bits = 0
    bitCount = 0
    let end = min(position + count, input.count)
    defer { position = end }
    return input[position..<end]
  }
}
