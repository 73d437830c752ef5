/// A blob's identity: the SHA-256 (FIPS 180-4) of its logical bytes.
///
/// Four big-endian words in place rather than an array: comparing and hashing cost a few
/// instructions and no allocation, and numeric order is the order of the bytes.
public struct SHA256Digest: Hashable, Sendable {
  /// The number of bytes in a digest.
  public static let byteCount = 32

  /// The digest's bytes as big-endian words, first byte in the most significant place.
  package let words: (UInt64, UInt64, UInt64, UInt64)

  package init(words: (UInt64, UInt64, UInt64, UInt64)) {
    self.words = words
  }

  /// Reads a digest from exactly 32 bytes, or returns nil.
  public init?(bytes: Span<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    self.words = (
      bytes.bigEndianWord(at: 0), bytes.bigEndianWord(at: 8),
      bytes.bigEndianWord(at: 16), bytes.bigEndianWord(at: 24)
    )
  }

  /// Reads a digest from 64 hexadecimal digits of either case, or returns nil.
  public init?(hexadecimal: String) {
    guard let bytes = Hexadecimal.decode(hexadecimal) else { return nil }
    self.init(bytes: bytes.span)
  }

  /// The 32 bytes, most significant first.
  public var bytes: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(Self.byteCount)
    for word in [words.0, words.1, words.2, words.3] {
      for shift in stride(from: 56, through: 0, by: -8) {
        result.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    return result
  }

  /// The digest as 64 lowercase hexadecimal digits.
  public var hexadecimal: String {
    Hexadecimal.encode(bytes)
  }

  /// Whether both digests are the same bytes.
  public static func == (left: SHA256Digest, right: SHA256Digest) -> Bool {
    left.words == right.words
  }

  /// Mixes the first word in: a digest is already evenly spread.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
  }
}

extension SHA256Digest: Comparable {
  /// Orders digests as their bytes are ordered.
  public static func < (left: SHA256Digest, right: SHA256Digest) -> Bool {
    left.words < right.words
  }
}

extension SHA256Digest: CustomStringConvertible {
  /// The digest in hexadecimal, for people and logs.
  public var description: String { hexadecimal }
}
