import FormatRules

/// Compressed bytes in the frame of RFC 1952, made by hand.
package enum TestGzip {
  /// Stored blocks (RFC 1951 section 3.2.4).
  package static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var blocks: [UInt8] = []
    var rest = bytes[...]
    repeat {
      let piece = rest.prefix(65_535)
      rest = rest.dropFirst(piece.count)
      let count = UInt16(piece.count)
      blocks += [rest.isEmpty ? 1 : 0, UInt8(count & 255), UInt8(count >> 8)]
      blocks += [UInt8(~count & 255), UInt8(~count >> 8)] + piece
    } while !rest.isEmpty
    var checksum = CRC32()
    checksum.update(bytes)
    return frame(blocks, checksum.value, byteCount: bytes.count)
  }

  /// At least `byteCount` zeros, in one 158th of their size; the checksum is a lie.
  package static func bomb(_ byteCount: Int) -> [UInt8] {
    frame(deflatedZeros(byteCount), 0, byteCount: byteCount)
  }

  /// Zeros as one block with fixed codes: a literal, and then copies of 258 bytes from one byte
  /// back (RFC 1951 section 3.2.6).
  package static func deflatedZeros(_ byteCount: Int) -> [UInt8] {
    var writer = BitWriter()
    writer.put(0b1, 1)
    writer.put(0b01, 2)
    writer.putCode(0b0011_0000, 8)
    for _ in 0..<(byteCount + 257) / 258 {
      writer.putCode(0b1100_0101, 8)
      writer.putCode(0, 5)
    }
    writer.putCode(0, 7)
    return writer.finished
  }

  private static func frame(_ blocks: [UInt8], _ checksum: UInt32, byteCount: Int) -> [UInt8] {
    let trailer = [checksum, UInt32(truncatingIfNeeded: byteCount)].flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + blocks + trailer
  }

  /// Bits from the lowest of each byte on; codes come with their highest bit first.
  private struct BitWriter {
    private var bytes: [UInt8] = []
    private var current: UInt8 = 0
    private var count = 0

    mutating func put(_ value: UInt, _ width: Int) {
      for bit in 0..<width { put(value >> UInt(bit) & 1) }
    }

    mutating func putCode(_ code: UInt, _ width: Int) {
      for bit in (0..<width).reversed() { put(code >> UInt(bit) & 1) }
    }

    private mutating func put(_ bit: UInt) {
      current |= UInt8(bit) << UInt8(count)
      count += 1
      guard count == 8 else { return }
      bytes.append(current)
      (current, count) = (0, 0)
    }

    var finished: [UInt8] { count == 0 ? bytes : bytes + [current] }
  }
}
