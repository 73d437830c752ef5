internal import CZstd

/// Makes Zstandard frames (RFC 8878), one after the other, with one context.
///
/// Has one owner: the context is freed with the value, and used by one thread at a time. A context
/// of level 3 holds about 1.3 MB once it is warm.
@safe
package struct ZstandardCompressor: ~Copyable, @unchecked Sendable {
  /// What new data is compressed with: 70 to 185 MB/s a core.
  package static let ingestLevel: Int32 = 3
  /// What is compressed with again that has lived for long: at a quarter of that speed 5 to 17 % is
  /// saved; 12, at a fifth of the speed of 9, would save another 1 to 3 %.
  package static let coldLevel: Int32 = 9
  /// What tells whether compressing pays.
  package static let sampleLevel: Int32 = 1
  /// The most that a frame may look back on, as a power of two: 8 MiB; readers allow no more.
  package static let windowLog: Int32 = 23

  private let context: OpaquePointer

  /// Makes a compressor for one level.
  ///
  /// - Precondition: the library has memory for a context.
  package init(level: Int32 = ingestLevel) {
    guard let context = unsafe ZSTD_createCCtx() else {
      preconditionFailure("memory for a compression context")
    }
    unsafe self.context = context
    set(ZSTD_c_compressionLevel, level)
    // The record's own checksums cover the stored bytes.
    set(ZSTD_c_checksumFlag, 0)
    set(ZSTD_c_contentSizeFlag, 1)
  }

  deinit {
    // SAFETY: the context was made by `init` and has no other user.
    _ = unsafe ZSTD_freeCCtx(context)
  }

  private func set(_ parameter: ZSTD_cParameter, _ value: Int32) {
    // SAFETY: the context is live.
    let code = unsafe ZSTD_CCtx_setParameter(context, parameter, value)
    precondition(ZSTD_isError(code) == 0, "the library knows the parameter and its value")
  }

  /// Returns one frame with all of `input`, or nil when it would take more than `limit` bytes.
  ///
  /// A limit of seven eighths of the input is how "not worth it" is told early.
  package mutating func compress(_ input: Span<UInt8>, limit: Int? = nil) -> [UInt8]? {
    let capacity = min(limit ?? .max, Int(ZSTD_compressBound(input.count)))
    guard capacity > 0 else { return nil }
    var succeeded = false
    // SAFETY: the library reads `count` bytes of the input and writes at most `capacity` ones; it
    // says how many it wrote.
    let frame = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, written in
      let code = unsafe input.withUnsafeBytes { bytes in
        unsafe ZSTD_compress2(
          context,
          output.baseAddress,
          capacity,
          bytes.baseAddress,
          bytes.count
        )
      }
      succeeded = ZSTD_isError(code) == 0
      written = succeeded ? code : 0
    }
    return succeeded ? frame : nil
  }

  /// Returns frames that hold `byteCount` bytes of `input` each but the last, or nil when one
  /// cannot be made.
  ///
  /// - Precondition: `byteCount` is above 0.
  package mutating func compress(
    _ input: Span<UInt8>,
    inFramesOf byteCount: Int
  ) -> [[UInt8]]? {
    var frames: [[UInt8]] = []
    for start in stride(from: 0, to: input.count, by: byteCount) {
      let end = min(start + byteCount, input.count)
      guard let frame = compress(input.extracting(start..<end)) else { return nil }
      frames.append(frame)
    }
    return frames
  }
}
