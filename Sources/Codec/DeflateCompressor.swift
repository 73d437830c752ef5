internal import CZlib

/// Makes deflate streams (RFC 1951) in the frames that HTTP and package tools ask for, whole ones
/// in one call.
///
/// One call holds about 270 KB beside its input and output.
@safe
package enum DeflateCompressor {
  /// What stands around the stream.
  package enum Frame: Int32, Sendable {
    /// RFC 1950.
    case zlib = 15
    /// RFC 1952, without a time and a name: equal bytes have equal frames.
    case gzip = 31
  }

  /// What documents are compressed with: JSON of registries shrinks to about an eighth at some
  /// 100 MB/s a core; the levels above win 1 to 4 % for two to four times the work.
  package static let documentLevel: Int32 = 4

  /// Returns `input` as one frame.
  ///
  /// - Precondition: the library has memory for a stream.
  package static func compress(
    _ input: Span<UInt8>,
    as frame: Frame,
    level: Int32 = documentLevel
  ) -> [UInt8] {
    var stream = unsafe z_stream()
    // SAFETY: the stream is ours, and is freed below.
    let opened = unsafe deflateInit2_(
      &stream,
      level,
      Z_DEFLATED,
      frame.rawValue,
      8,
      Z_DEFAULT_STRATEGY,
      ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size)
    )
    precondition(opened == Z_OK, "memory for a compression stream")
    // SAFETY: as above; nobody uses the stream after this.
    defer { unsafe deflateEnd(&stream) }
    // SAFETY: the stream is open. The bound covers any input, so one call finishes the frame.
    let capacity = Int(unsafe deflateBound(&stream, UInt(input.count)))
    precondition(capacity <= Int(UInt32.max), "documents are shorter than 4 GiB")
    // SAFETY: the library reads `count` bytes of the input and writes at most `capacity` ones; it
    // says how many are left. It takes its input as mutable and does not change it.
    return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, written in
      unsafe input.withUnsafeBytes { bytes in
        let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe stream.next_in = UnsafeMutablePointer(mutating: start)
        unsafe stream.avail_in = UInt32(bytes.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(capacity)
        let code = unsafe deflate(&stream, Z_FINISH)
        precondition(code == Z_STREAM_END, "the bound is enough")
        written = unsafe capacity - Int(stream.avail_out)
      }
    }
  }
}
