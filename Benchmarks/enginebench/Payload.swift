/// Bytes that are new every time and cheap to make: a copy of a block of noise, with a number
/// written into each 4 KiB, so that making them costs a tenth of hashing them.
enum Payload {
  private static let noise = noise(byteCount: 16 << 20)
  private static let stampedByteCount = 4096

  /// Makes a blob's bytes.
  ///
  /// - Parameters:
  ///   - byteCount: how many; at most 16 MiB.
  ///   - seed: what differs between runs.
  ///   - worker: who asks.
  ///   - number: what the worker counts; the same worker and number give the same bytes.
  ///   - compressibility: of each 4 KiB, all but one part in so many is one byte repeated.
  /// - Returns: the bytes.
  static func bytes(
    _ byteCount: Int,
    seed: UInt64,
    worker: Int,
    number: Int,
    compressibility: Int = 1
  ) -> [UInt8] {
    var bytes = Array(noise[..<byteCount])
    let start = seed &+ UInt64(truncatingIfNeeded: worker) << 40 &+ UInt64(number)
    for block in stride(from: 0, to: byteCount, by: stampedByteCount) {
      let end = min(block + stampedByteCount, byteCount)
      let stamp = mixed(start &+ UInt64(block) << 20)
      for offset in 0..<min(8, end - block) {
        bytes[block + offset] ^= UInt8(truncatingIfNeeded: stamp >> UInt64(8 * offset))
      }
      guard compressibility > 1 else { continue }
      for offset in (block + (end - block) / compressibility)..<end { bytes[offset] = 0x20 }
    }
    return bytes
  }

  /// A trace of bytes that were moved, so that nothing can be optimised away.
  static func checksum(_ bytes: [UInt8]) -> UInt64 {
    UInt64(bytes.first ?? 0) << 8 | UInt64(bytes.last ?? 0)
  }

  private static func noise(byteCount: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    for number in 0..<UInt64(byteCount / 8) {
      let word = mixed(number &* 0x9e37_79b9_7f4a_7c15)
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    return bytes
  }

  /// The end of splitmix64: every bit of the word in every bit of the outcome.
  private static func mixed(_ number: UInt64) -> UInt64 {
    var word = number &+ 0x9e37_79b9_7f4a_7c15
    word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
    return word ^ word >> 31
  }
}
