/// Puts bytes into the frames of zlib (RFC 1950) and gzip (RFC 1952) without making them smaller:
/// deflate's stored blocks (RFC 1951 section 3.2.4).
///
/// The legacy index is small, seldom asked for, and has to come in these frames.
enum StoredDeflate {
  private static let longestBlock = 0xFFFF

  static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x78, 0x01]
    appendBlocks(of: bytes, to: &result)
    let sum = adler32(bytes)
    for shift: UInt32 in [24, 16, 8, 0] { result.append(UInt8(truncatingIfNeeded: sum >> shift)) }
    return result
  }

  /// Without a time and name, so that equal bytes have equal frames.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
    appendBlocks(of: bytes, to: &result)
    var checksum = CRC32()
    checksum.update(bytes)
    appendWord(checksum.value, to: &result)
    appendWord(UInt32(truncatingIfNeeded: bytes.count), to: &result)
    return result
  }

  private static func appendBlocks(of bytes: [UInt8], to result: inout [UInt8]) {
    var start = 0
    repeat {
      let end = min(start + longestBlock, bytes.count)
      let length = UInt16(end - start)
      result.append(end == bytes.count ? 1 : 0)
      for word in [length, ~length] {
        result += [UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8)]
      }
      result += bytes[start..<end]
      start = end
    } while start < bytes.count
  }

  private static func appendWord(_ word: UInt32, to result: inout [UInt8]) {
    for shift: UInt32 in [0, 8, 16, 24] { result.append(UInt8(truncatingIfNeeded: word >> shift)) }
  }

  /// RFC 1950 section 8.2.
  private static func adler32(_ bytes: [UInt8]) -> UInt32 {
    var (one, two): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      one = (one + UInt32(byte)) % 65521
      two = (two + one) % 65521
    }
    return two << 16 | one
  }
}
