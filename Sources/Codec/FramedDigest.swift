package import Bytes

/// A SHA-256 over a list of texts, each with its length in front, so that no two lists run
/// together.
///
/// A hash costs some 50 ns for being fed, however little, and of short texts there are hundreds of
/// thousands in a document: they are put together first.
package struct FramedDigest: Sendable {
  private static let pieceByteCount = 16 << 10

  private var hash = SHA256Stream()
  private var piece: [UInt8] = []

  package init() {
    piece.reserveCapacity(Self.pieceByteCount)
  }

  /// Adds a text.
  package mutating func add(_ text: String) {
    let bytes = text.utf8.span
    add(length: bytes.count)
    guard piece.count + bytes.count <= Self.pieceByteCount else { return addLong(bytes) }
    piece.append(copying: bytes)
  }

  /// Returns the digest of all texts so far.
  package mutating func digest() -> SHA256Digest {
    flush()
    return hash.digest()
  }

  private mutating func addLong(_ bytes: Span<UInt8>) {
    flush()
    hash.update(bytes)
  }

  /// The length in decimal digits, and a colon.
  private mutating func add(length: Int) {
    if piece.count + 20 > Self.pieceByteCount { flush() }
    var power = 1
    while length / power >= 10 { power *= 10 }
    while power > 0 {
      piece.append(UInt8(ascii: "0") + UInt8(length / power % 10))
      power /= 10
    }
    piece.append(UInt8(ascii: ":"))
  }

  private mutating func flush() {
    var hash = hash
    hash.update(piece.span)
    self.hash = hash
    piece.removeAll(keepingCapacity: true)
  }
}
