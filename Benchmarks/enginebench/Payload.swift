/// Bytes that are new every time, cheap to make, and do not compress.
enum Payload {
  /// The same worker and number give the same bytes, whoever is measured.
  static func bytes(_ byteCount: Int, seed: UInt64, worker: Int, number: Int) -> [UInt8] {
    var state = seed &+ UInt64(worker) << 40 &+ UInt64(number) &* 0x9e37_79b9_7f4a_7c15
    var bytes = [UInt8]()
    bytes.reserveCapacity(byteCount + 8)
    while bytes.count < byteCount {
      // splitmix64: eight fresh bytes a step.
      state &+= 0x9e37_79b9_7f4a_7c15
      var word = state
      word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
      word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
      word ^= word >> 31
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    bytes.removeLast(bytes.count - byteCount)
    return bytes
  }

  static func checksum(_ bytes: [UInt8]) -> UInt64 {
    UInt64(bytes.first ?? 0) << 8 | UInt64(bytes.last ?? 0)
  }
}
