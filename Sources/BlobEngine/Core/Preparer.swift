package import Bytes
import Codec

/// Makes the bytes of a put ready for the log: hashes, compresses, sums up.
///
/// The costly part of a put (1.4 GB/s for the SHA-256, 70–185 MB/s for compression where it pays),
/// so it belongs on a worker and not on the engine's thread. Cheap to copy.
package struct Preparer: Sendable {
  /// The largest blob that is one record; larger ones are uploads.
  ///
  /// In bytes.
  package let inlineByteLimit: Int
  /// The size of an upload's pieces but for the last, in bytes.
  package let extentByteCount: Int
  /// Whether bytes are compressed where that pays.
  package let compresses: Bool
  private let checksum: Checksum

  /// The bytes of a blob that its probe is made of.
  package static let probedByteCount = 64 * 1024
  /// Below this a frame's own overhead eats what it saves.
  private static let leastCompressedByteCount = 256
  private static let sampleByteCount = 128 * 1024
  private static let frameByteCount = 256 * 1024

  init(checksum: Checksum, limits: EngineLimits, compresses: Bool) {
    self.checksum = checksum
    self.inlineByteLimit = limits.extentByteCount
    self.extentByteCount = limits.extentByteCount
    self.compresses = compresses
  }

  /// Hashes a small blob, and compresses it where that pays.
  ///
  /// - Precondition: at most ``inlineByteLimit`` bytes.
  package func blob(_ bytes: [UInt8]) -> PreparedBlob {
    blob(bytes, key: SHA256Stream.digest(of: bytes.span))
  }

  /// As ``blob(_:)``, for a caller that has hashed the bytes already.
  package func blob(_ bytes: [UInt8], key: SHA256Digest) -> PreparedBlob {
    precondition(bytes.count <= inlineByteLimit, "a larger blob is an upload")
    return PreparedBlob(
      key: key,
      byteCount: bytes.count,
      stored: stored(bytes, frameByteCount: Self.frameByteCount),
      probe: probe(bytes.span.extracting(0..<min(bytes.count, Self.probedByteCount)))
    )
  }

  /// Compresses a piece of an upload where that pays.
  ///
  /// - Precondition: at most ``extentByteCount`` bytes, and exactly that many but for the last.
  package func extent(_ bytes: [UInt8]) -> PreparedExtent {
    precondition(bytes.count <= extentByteCount, "a piece has a bounded size")
    return PreparedExtent(
      byteCount: bytes.count,
      stored: stored(bytes, frameByteCount: Self.frameByteCount)
    )
  }

  /// Returns the probe of a blob from its first bytes: 64 KiB, or all when there are fewer.
  package func probe(_ firstBytes: Span<UInt8>) -> ContentProbe {
    let digest = checksum.digest128(firstBytes)
    return ContentProbe(low: digest.low, high: digest.high)
  }

  private func stored(_ bytes: [UInt8], frameByteCount: Int) -> StoredBytes {
    guard compresses, let frames = compressed(bytes, frameByteCount: frameByteCount) else {
      return StoredBytes(bytes, frames: nil, checksum: checksum)
    }
    let table = FrameTable(
      logicalByteCount: UInt32(frameByteCount),
      storedByteCounts: frames.map { UInt32($0.count) }
    )
    return StoredBytes(Array(frames.joined()), frames: table, checksum: checksum)
  }

  /// Frames that together save an eighth, or nil.
  private func compressed(_ bytes: [UInt8], frameByteCount: Int) -> [[UInt8]]? {
    guard bytes.count >= Self.leastCompressedByteCount,
      Compressibility(sniffing: bytes.span) == .worthTrying, isSamplePromising(bytes)
    else { return nil }
    var compressor = ZstandardCompressor()
    var frames: [[UInt8]] = []
    for start in stride(from: 0, to: bytes.count, by: frameByteCount) {
      let end = min(start + frameByteCount, bytes.count)
      guard let frame = compressor.compress(bytes.span.extracting(start..<end)) else { return nil }
      frames.append(frame)
    }
    let total = frames.reduce(0) { $0 + $1.count }
    return total <= Compressibility.limit(of: bytes.count) ? frames : nil
  }

  /// Small blobs are their own sample.
  private func isSamplePromising(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > Self.sampleByteCount else { return true }
    var sampler = ZstandardCompressor(level: ZstandardCompressor.sampleLevel)
    let sample = bytes.span.extracting(0..<Self.sampleByteCount)
    let limit = Compressibility.limit(of: Self.sampleByteCount)
    return sampler.compress(sample, limit: limit) != nil
  }
}
