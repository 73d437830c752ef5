import Bytes

/// BLAKE2b with 32 bytes of output and no key (RFC 7693), over bytes that arrive in pieces.
///
/// What PyPI calls `blake2_256`. A value: copying it takes a snapshot.
package struct BLAKE2b256: Sendable {
  /// The bytes in a digest.
  package static let byteCount = 32
  private static let blockByteCount = 128
  private static let roundCount = 12

  /// The chained state, RFC 7693 section 3.2; parameters as section 2.5 has them.
  private var state = Self.initialization
  /// Bytes that do not fill a block yet.
  ///
  /// The last block is known to be the last only at the end,
  /// so a full one waits here too.
  private var pending = [128 of UInt8](repeating: 0)
  private var pendingCount = 0
  private var byteCount: UInt64 = 0

  private static let initialization: [8 of UInt64] = [
    0x6A09_E667_F3BC_C908, 0xBB67_AE85_84CA_A73B, 0x3C6E_F372_FE94_F82B, 0xA54F_F53A_5F1D_36F1,
    0x510E_527F_ADE6_82D1, 0x9B05_688C_2B3E_6C1F, 0x1F83_D9AB_FB41_BD6B, 0x5BE0_CD19_137E_2179,
  ]

  /// The message schedule, RFC 7693 section 2.7, a row of 16 for each of ten rounds.
  private static let schedule: [160 of UInt8] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
    14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
    11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
    7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
    9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
    2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
    12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
    13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
    6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
    10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
  ]

  package init() {
    // Fan-out 1, depth 1, no key, 32 bytes out.
    state[0] ^= 0x0101_0000 | UInt64(Self.byteCount)
  }

  /// Adds bytes to what is hashed.
  package mutating func update(_ bytes: Span<UInt8>) {
    var position = 0
    while position < bytes.count {
      if pendingCount == 0, bytes.count - position > Self.blockByteCount {
        byteCount += UInt64(Self.blockByteCount)
        compress(bytes, at: position, isLast: false)
        position += Self.blockByteCount
        continue
      }
      if pendingCount == Self.blockByteCount { flushPending(isLast: false) }
      pending[pendingCount] = bytes[position]
      pendingCount += 1
      position += 1
    }
  }

  /// Returns the digest of all bytes so far; more may follow.
  package func digest() -> [UInt8] {
    var final = self
    for index in final.pendingCount..<Self.blockByteCount { final.pending[index] = 0 }
    final.flushPending(isLast: true)
    var result: [UInt8] = []
    result.reserveCapacity(Self.byteCount)
    for index in 0..<(Self.byteCount / 8) {
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        result.append(UInt8(truncatingIfNeeded: final.state[index] >> shift))
      }
    }
    return result
  }

  /// Returns the digest of one piece of memory.
  package static func digest(of bytes: Span<UInt8>) -> [UInt8] {
    var hash = BLAKE2b256()
    hash.update(bytes)
    return hash.digest()
  }

  private mutating func flushPending(isLast: Bool) {
    byteCount += UInt64(pendingCount)
    pendingCount = 0
    let block = pending
    compress(block.span, at: 0, isLast: isLast)
  }

  /// The compression function F, RFC 7693 section 3.2.
  private mutating func compress(_ block: Span<UInt8>, at position: Int, isLast: Bool) {
    var message = [16 of UInt64](repeating: 0)
    for index in 0..<16 { message[index] = block.littleEndian(at: position + index * 8) }
    var work = [16 of UInt64](repeating: 0)
    for index in 0..<8 {
      work[index] = state[index]
      work[index + 8] = Self.initialization[index]
    }
    work[12] ^= byteCount
    if isLast { work[14] = ~work[14] }
    for round in 0..<Self.roundCount {
      let row = round % 10 * 16
      Self.mixColumns(&work, message, row)
      Self.mixDiagonals(&work, message, row)
    }
    for index in 0..<8 { state[index] ^= work[index] ^ work[index + 8] }
  }

  @inline(__always)
  private static func mixColumns(
    _ work: inout [16 of UInt64],
    _ message: [16 of UInt64],
    _ row: Int
  ) {
    for column in 0..<4 {
      let first = message[Int(schedule[row + column * 2])]
      let second = message[Int(schedule[row + column * 2 + 1])]
      mix(&work, column, 4 + column, 8 + column, 12 + column, first, second)
    }
  }

  @inline(__always)
  private static func mixDiagonals(
    _ work: inout [16 of UInt64],
    _ message: [16 of UInt64],
    _ row: Int
  ) {
    for column in 0..<4 {
      let first = message[Int(schedule[row + 8 + column * 2])]
      let second = message[Int(schedule[row + 8 + column * 2 + 1])]
      mix(
        &work,
        column,
        4 + (column + 1) % 4,
        8 + (column + 2) % 4,
        12 + (column + 3) % 4,
        first,
        second
      )
    }
  }

  /// The mixing function G, RFC 7693 section 3.1.
  @inline(__always)
  private static func mix(
    _ work: inout [16 of UInt64],
    _ a: Int,
    _ b: Int,
    _ c: Int,
    _ d: Int,
    _ x: UInt64,
    _ y: UInt64
  ) {
    work[a] = work[a] &+ work[b] &+ x
    work[d] = (work[d] ^ work[a]).rotatedRight(by: 32)
    work[c] = work[c] &+ work[d]
    work[b] = (work[b] ^ work[c]).rotatedRight(by: 24)
    work[a] = work[a] &+ work[b] &+ y
    work[d] = (work[d] ^ work[a]).rotatedRight(by: 16)
    work[c] = work[c] &+ work[d]
    work[b] = (work[b] ^ work[c]).rotatedRight(by: 63)
  }
}

extension UInt64 {
  fileprivate func rotatedRight(by count: UInt64) -> UInt64 {
    self &>> count | self &<< (64 - count)
  }
}
