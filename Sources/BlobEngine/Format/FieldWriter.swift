import Bytes
import Codec

/// The bytes of a structure, as its fields are written one after the other.
struct FieldWriter {
  private(set) var bytes: [UInt8] = []

  init(reserving count: Int = StoreFormat.pageByteCount) {
    bytes.reserveCapacity(count)
  }

  mutating func append<T: FixedWidthInteger>(_ value: T) {
    var rest = value
    for _ in 0..<(T.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest = T.bitWidth > 8 ? rest >> 8 : 0
    }
  }

  mutating func append(_ array: [UInt8]) {
    bytes.append(contentsOf: array)
  }

  mutating func append(_ key: SHA256Digest) {
    for word in [key.words.0, key.words.1, key.words.2, key.words.3] {
      append(word.byteSwapped)
    }
  }

  /// Appends zeroes until there are `count` bytes.
  ///
  /// - Precondition: there are no more than that yet.
  mutating func pad(to count: Int) {
    precondition(bytes.count <= count, "the fields leave room for the padding")
    // An array, which is copied at once, and not a repetition, which debug builds append bytewise.
    bytes.append(contentsOf: [UInt8](repeating: 0, count: count - bytes.count))
  }
}
