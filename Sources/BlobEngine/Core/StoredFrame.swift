import Bytes
import Codec

/// A run of stored bytes that decodes on its own.
package struct StoredFrame: Sendable {
  /// Where in the piece's buffer.
  package let range: Range<Int>
  /// Whether the bytes are a zstd frame (RFC 8878) rather than the blob's bytes themselves.
  package let isCompressed: Bool
  /// How many bytes the frame decodes to.
  package let byteCount: Int
}

extension [StoredFrame] {
  /// Decodes the frames, and puts them together.
  ///
  /// - Parameters:
  ///   - bytes: what is stored, without encryption.
  ///   - start: where in the buffer, from which the frames' places count, `bytes` begin.
  /// - Returns: nil when a frame does not decode to what it should.
  func decoded(from bytes: Span<UInt8>, at start: Int) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(reduce(0) { $0 + $1.byteCount })
    var decompressor = ZstandardDecompressor()
    for frame in self {
      let range = (frame.range.lowerBound - start)..<(frame.range.upperBound - start)
      let stored = bytes.extracting(range)
      guard frame.isCompressed else {
        result.append(copying: stored)
        continue
      }
      guard let bytes = try? decompressor.decompress(stored, byteCount: frame.byteCount) else {
        return nil
      }
      result += bytes
    }
    return result
  }
}

extension FrameTable {
  /// The frames of a payload that holds so many bytes, in places relative to it.
  func frames(of byteCount: Int) -> [StoredFrame] {
    var (start, left) = (0, byteCount)
    return storedByteCounts.map { stored in
      defer { (start, left) = (start + Int(stored), left - Int(logicalByteCount)) }
      return StoredFrame(
        range: start..<(start + Int(stored)),
        isCompressed: true,
        byteCount: min(left, Int(logicalByteCount))
      )
    }
  }
}
