import Bytes
import Codec

/// Bytes that every vector in these tests is over: cheap to make in any language.
enum TestBytes {
  /// Returns the first `count` bytes of i × 131 + ⌊i / 256⌋ × 29 + 7, modulo 256.
  static func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 * 131 + ($0 >> 8) * 29 + 7) }
  }

  /// Returns bytes that no compressor can do anything with: xorshift64 from a fixed start.
  static func noise(_ count: Int) -> [UInt8] {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    return (0..<count).map { _ in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return UInt8(truncatingIfNeeded: state >> 24)
    }
  }

  /// 192 bytes of i × 37 + 11, modulo 256.
  static let secret: [UInt8] = (0..<192).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }
}

// The macros of the testing library capture the arguments of a call, which spans do not allow:
// these take arrays.

extension Checksum {
  func sum64(_ bytes: [UInt8]) -> UInt64 { digest64(bytes.span) }
  func sum128(_ bytes: [UInt8]) -> Digest128 { digest128(bytes.span) }
}

func sha256(_ bytes: [UInt8]) -> SHA256Digest { SHA256Stream.digest(of: bytes.span) }

func blake2b256(_ bytes: [UInt8]) -> String {
  Hexadecimal.encode(BLAKE2b256.digest(of: bytes.span))
}

func compressibility(_ bytes: [UInt8]) -> Compressibility { Compressibility(sniffing: bytes.span) }

func compress(
  _ bytes: [UInt8],
  level: Int32 = ZstandardCompressor.ingestLevel,
  limit: Int? = nil
) -> [UInt8]? {
  var compressor = ZstandardCompressor(level: level)
  return compressor.compress(bytes.span, limit: limit)
}

func decompress(_ frame: [UInt8], byteCount: Int) throws(ZstandardError) -> [UInt8] {
  var decompressor = ZstandardDecompressor()
  return try decompressor.decompress(frame.span, byteCount: byteCount)
}
