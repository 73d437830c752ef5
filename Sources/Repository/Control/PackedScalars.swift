/// Text in 21 bits a Unicode scalar, which is less than UTF-8 takes for most of Unicode.
///
/// A name may have 255 scalars, a position two names and more, and a paging token 2000 characters:
/// in UTF-8 the longest position does not fit, in this form it does.
enum PackedScalars {
  private static let bitCount = 21

  /// Returns how many bytes that many scalars take.
  static func byteCount(of scalarCount: Int) -> Int {
    (scalarCount * bitCount + 7) / 8
  }

  /// Returns the scalars of `text` one after another, the lowest bits first, filled up with zeros.
  static func pack(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var (waiting, waitingCount): (UInt64, Int) = (0, 0)
    for scalar in text.unicodeScalars {
      waiting |= UInt64(scalar.value) << UInt64(waitingCount)
      waitingCount += bitCount
      while waitingCount >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: waiting))
        waiting >>= 8
        waitingCount -= 8
      }
    }
    if waitingCount > 0 { bytes.append(UInt8(truncatingIfNeeded: waiting)) }
    return bytes
  }

  /// Returns the text of `count` scalars, or nil where `bytes` are no such thing.
  static func unpack(_ bytes: some Sequence<UInt8>, count: Int) -> String? {
    var scalars = String.UnicodeScalarView()
    var (waiting, waitingCount): (UInt64, Int) = (0, 0)
    for byte in bytes {
      waiting |= UInt64(byte) << UInt64(waitingCount)
      waitingCount += 8
      guard waitingCount >= bitCount, scalars.count < count else { continue }
      guard let scalar = Unicode.Scalar(UInt32(waiting & (1 << UInt64(bitCount) - 1))) else {
        return nil
      }
      scalars.append(scalar)
      waiting >>= UInt64(bitCount)
      waitingCount -= bitCount
    }
    guard scalars.count == count, waiting == 0 else { return nil }
    return String(scalars)
  }
}
