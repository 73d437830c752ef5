internal import Bytes
internal import CZstd

/// What can be told of a Zstandard frame (RFC 8878 section 3.1.1) without opening it, and frames
/// that are made without a compressor.
package enum ZstandardFrame {
  /// The most that a frame may look back on, in bytes: what RFC 9659 lets a server ask of those who
  /// take the content coding `zstd`.
  package static let windowByteLimit = 1 << Int(ZstandardCompressor.windowLog)

  private static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
  /// The most that a block may hold, in bytes; section 3.1.1.2.4.
  private static let blockByteLimit = 128 << 10
  /// A content size of 8 bytes, a window, no checksum and no dictionary; section 3.1.1.1.1.
  private static let descriptor: UInt8 = 0b1100_0000
  /// A window of 2 to the power of 10 + 7 bytes, which is one block; section 3.1.1.1.2.
  private static let window: UInt8 = 7 << 3

  /// Refuses what is not one whole frame of `byteCount` bytes that looks back no further than 8 MiB
  /// and needs no dictionary.
  ///
  /// Goes from block to block by their heads, and opens none of them.
  ///
  /// - Throws: `damagedFrame`, `wrongLength` or `windowTooLarge`.
  package static func check(
    _ frame: Span<UInt8>,
    byteCount: Int
  ) throws(ZstandardError) {
    // SAFETY: the library reads at most `count` bytes of the frame.
    let (isFrame, whole, size, dictionary) = unsafe frame.withUnsafeBytes { input in
      let start = input.baseAddress
      return unsafe (
        input.count >= 4 && input.loadUnaligned(as: UInt32.self).littleEndian == ZSTD_MAGICNUMBER,
        ZSTD_findFrameCompressedSize(start, input.count),
        ZSTD_getFrameContentSize(start, input.count),
        ZSTD_getDictID_fromFrame(start, input.count)
      )
    }
    guard isFrame, dictionary == 0, ZSTD_isError(whole) == 0, whole == frame.count else {
      throw .damagedFrame
    }
    guard size == UInt64(byteCount) || size == UInt64.max else { throw .wrongLength }
    guard declaredWindow(of: frame) <= UInt64(windowByteLimit) else { throw .windowTooLarge }
  }

  /// The window that a frame declares, in bytes; section 3.1.1.1.2.
  ///
  /// A frame in a single segment declares none: it is its own window, and its length was checked.
  private static func declaredWindow(of frame: Span<UInt8>) -> UInt64 {
    guard frame.count > 5, frame[4] & 0x20 == 0 else { return 0 }
    let exponent = UInt64(frame[5] >> 3)
    let mantissa = UInt64(frame[5] & 7)
    let base = UInt64(1) << (10 + exponent)
    return base + base / 8 * mantissa
  }

  /// Returns a frame that holds `content` as it is, in raw blocks.
  ///
  /// 14 bytes longer, and 3 more for each block of 128 KiB; opening it takes 128 KiB of memory,
  /// however long it is.
  package static func holding(_ content: Span<UInt8>) -> [UInt8] {
    let blockCount = max(1, (content.count + blockByteLimit - 1) / blockByteLimit)
    var frame: [UInt8] = []
    frame.reserveCapacity(14 + 3 * blockCount + content.count)
    frame += magic
    frame += [descriptor, window]
    frame.append(littleEndian: UInt64(content.count), byteCount: 8)
    for number in 0..<blockCount {
      let start = number * blockByteLimit
      let end = min(start + blockByteLimit, content.count)
      // Bit 0: the last one; bits 1 and 2: raw; then the length. Section 3.1.1.2.
      let head = UInt64(end - start) << 3 | (number == blockCount - 1 ? 1 : 0)
      frame.append(littleEndian: head, byteCount: 3)
      frame.append(copying: content.extracting(start..<end))
    }
    return frame
  }
}

extension [UInt8] {
  fileprivate mutating func append(littleEndian value: UInt64, byteCount: Int) {
    for place in 0..<byteCount { append(UInt8(truncatingIfNeeded: value >> (8 * place))) }
  }
}
