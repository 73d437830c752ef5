internal import CZstd

/// Opens Zstandard frames (RFC 8878) of which somebody else knows the length.
///
/// Nothing that a frame says decides how much memory is taken: the caller passes the length that
/// its own record head gives. Has one owner, as the compressor has.
@safe
package struct ZstandardDecompressor: ~Copyable, @unchecked Sendable {
  private let context: OpaquePointer

  /// Makes a decompressor.
  ///
  /// - Precondition: the library has memory for a context, about 160 KB.
  package init() {
    guard let context = unsafe ZSTD_createDCtx() else {
      preconditionFailure("memory for a decompression context")
    }
    unsafe self.context = context
    // SAFETY: the context is live.
    _ = unsafe ZSTD_DCtx_setParameter(
      context,
      ZSTD_d_windowLogMax,
      ZstandardCompressor.windowLog
    )
  }

  deinit {
    // SAFETY: the context was made by `init` and has no other user.
    _ = unsafe ZSTD_freeDCtx(context)
  }

  /// Returns what `frame` holds, which is exactly `byteCount` bytes.
  ///
  /// - Throws: `damagedFrame` for anything but one whole frame, `wrongLength` when it holds another
  ///   number of bytes, `windowTooLarge` when it looks back further than 8 MiB.
  package mutating func decompress(
    _ frame: Span<UInt8>,
    byteCount: Int
  ) throws(ZstandardError) -> [UInt8] {
    guard byteCount >= 0 else { throw .wrongLength }
    try checkHeader(frame, byteCount: byteCount)
    var code = 0
    // SAFETY: the library reads `count` bytes of the frame and writes at most `byteCount` ones.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { output, written in
      code = unsafe frame.withUnsafeBytes { input in
        unsafe ZSTD_decompressDCtx(
          context,
          output.baseAddress,
          byteCount,
          input.baseAddress,
          input.count
        )
      }
      written = ZSTD_isError(code) == 0 ? code : 0
    }
    switch ZSTD_getErrorCode(code) {
    case ZSTD_error_no_error: break
    case ZSTD_error_dstSize_tooSmall: throw .wrongLength
    case ZSTD_error_memory_allocation: throw .failed
    default: throw .damagedFrame
    }
    guard bytes.count == byteCount else { throw .wrongLength }
    return bytes
  }

  /// Refuses what is not one whole frame, or says another length, or wants too much memory.
  private func checkHeader(_ frame: Span<UInt8>, byteCount: Int) throws(ZstandardError) {
    // SAFETY: the library reads at most `count` bytes of the frame.
    let (isFrame, whole, size) = unsafe frame.withUnsafeBytes { input in
      let start = input.baseAddress
      return unsafe (
        input.count >= 4 && input.loadUnaligned(as: UInt32.self).littleEndian == ZSTD_MAGICNUMBER,
        ZSTD_findFrameCompressedSize(start, input.count),
        ZSTD_getFrameContentSize(start, input.count)
      )
    }
    guard isFrame, ZSTD_isError(whole) == 0, whole == frame.count else { throw .damagedFrame }
    guard size == UInt64(byteCount) || size == UInt64.max else { throw .wrongLength }
    guard Self.window(of: frame) <= 1 << UInt64(ZstandardCompressor.windowLog) else {
      throw .windowTooLarge
    }
  }

  /// The window that a frame declares, in bytes; RFC 8878 section 3.1.1.1.2.
  ///
  /// A frame in a single segment declares none: it is its own window, and its length was checked.
  private static func window(of frame: Span<UInt8>) -> UInt64 {
    guard frame.count > 5, frame[4] & 0x20 == 0 else { return 0 }
    let exponent = UInt64(frame[5] >> 3)
    let mantissa = UInt64(frame[5] & 7)
    let base = UInt64(1) << (10 + exponent)
    return base + base / 8 * mantissa
  }
}
