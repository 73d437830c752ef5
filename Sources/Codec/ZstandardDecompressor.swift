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
    try ZstandardFrame.check(frame, byteCount: byteCount)
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
}
