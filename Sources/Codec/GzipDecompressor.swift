internal import CDeflate

/// What can go wrong with gzip data while the program is right.
package enum GzipError: Error, Hashable, Sendable {
  /// The bytes are no gzip data, were cut short, or fail their checksum.
  case damaged
  /// There is more than was allowed.
  case tooLong
}

/// Undoes gzip compression (RFC 1952) of data that is there whole.
///
/// libdeflate takes a third of zlib's time for a packument. One call holds some 10 KB beside its
/// input and output.
@safe
package enum GzipDecompressor {
  /// The most that deflate can make of a byte (RFC 1951: 258 bytes for two bits).
  private static let greatestRatio = 1032
  /// How many members an input may have: servers send one, and each costs some microseconds,
  /// however little is in it.
  private static let mostMembers = 1000
  /// No frame is shorter: ten bytes of a header, two of an empty stream, eight behind it.
  private static let leastByteCount = 20

  /// Undoes the compression; members that follow one another are one text.
  ///
  /// - Parameters:
  ///   - input: one member or more, and nothing else.
  ///   - limit: the most bytes of output.
  /// - Returns: what the input holds.
  /// - Throws: ``GzipError``. Memory is taken by what a frame says it holds, never for more than
  ///   `limit` bytes or than the input can make.
  package static func decompress(
    _ input: Span<UInt8>,
    limit: Int
  ) throws(GzipError) -> [UInt8] {
    let opened = unsafe libdeflate_alloc_decompressor()
    guard let library = unsafe opened else { preconditionFailure("memory for a decompressor") }
    // SAFETY: the decompressor is ours, and nobody uses it after this.
    defer { unsafe libdeflate_free_decompressor(library) }
    var (output, position) = ([UInt8](), 0)
    for _ in 0..<mostMembers {
      let rest = input.extracting(position...)
      let (bytes, taken) = try unsafe member(rest, limit: limit - output.count, with: library)
      if output.isEmpty { output = bytes } else { output += bytes }
      position += taken
      if position == input.count { return output }
    }
    throw .damaged
  }

  /// The first member of `input`, and how many bytes it has there.
  private static func member(
    _ input: Span<UInt8>,
    limit: Int,
    with library: OpaquePointer
  ) throws(GzipError) -> ([UInt8], taken: Int) {
    guard input.count >= leastByteCount else { throw .damaged }
    let most = min(limit, input.count.multipliedReportingOverflow(by: greatestRatio).partialValue)
    var room = min(statedByteCount(input), most)
    while true {
      // SAFETY: the decompressor is open for as long as this call lasts.
      let (result, bytes, taken) = unsafe attempt(input, room: room, with: library)
      switch result {
      case LIBDEFLATE_SUCCESS: return (bytes, taken)
      case LIBDEFLATE_INSUFFICIENT_SPACE where room < most:
        room = min(most, max(room, 4096) * 4)
      case LIBDEFLATE_INSUFFICIENT_SPACE where most == limit: throw .tooLong
      default: throw .damaged
      }
    }
  }

  /// What the last four bytes say: the length of a frame of one member, below 4 GB.
  private static func statedByteCount(_ input: Span<UInt8>) -> Int {
    (1...4).reduce(0) { $0 << 8 | Int(input[input.count - $1]) }
  }

  private static func attempt(
    _ input: Span<UInt8>,
    room: Int,
    with library: OpaquePointer
  ) -> (libdeflate_result, [UInt8], taken: Int) {
    var (result, taken) = (LIBDEFLATE_BAD_DATA, 0)
    // SAFETY: the library reads `count` bytes of the input and writes `room` ones at most; it says
    // how many of both where it succeeds, and nothing of the output counts where it does not.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: room) { output, written in
      unsafe input.withUnsafeBytes { bytes in
        result = unsafe libdeflate_gzip_decompress_ex(
          library,
          bytes.baseAddress,
          bytes.count,
          output.baseAddress,
          room,
          &taken,
          &written
        )
      }
      if result != LIBDEFLATE_SUCCESS { written = 0 }
    }
    return (result, bytes, taken)
  }
}
