import Bytes
import Codec

/// Payloads on their way to a higher level of compression (`engine.md` 11.1), which takes a
/// processor 20 ms for each MiB: work for anywhere but the engine's thread.
///
/// What is made is opened again and hashed beside what it is made of, so that the engine can see
/// whether both are the same bytes.
package struct Recompression: Sendable {
  package let id: RecompressionID
  let sources: [CompressedPayload]
  let level: Int32
  let checksum: Checksum

  /// Does the work.
  ///
  /// - Parameter alter: what a faulty compressor would do to the bytes; only tests pass any.
  /// - Returns: what came of each payload, in their order.
  package func run(altering alter: (inout [UInt8]) -> Void = { _ in }) -> [Recompressed] {
    sources.map { source in
      guard let plain = source.opened() else { return Recompressed() }
      var bytes = plain
      alter(&bytes)
      let better = compressed(bytes, in: source.frames.logicalByteCount)
      guard let better, better.isWorthwhile(insteadOf: source) else { return Recompressed() }
      return Recompressed(
        payload: better,
        sums: PayloadDigest(of: better.payload.span, checksum: checksum),
        digest: SHA256Stream.digest(of: plain.span),
        rebuilt: better.opened().map { SHA256Stream.digest(of: $0.span) }
      )
    }
  }

  /// The same cut as before, so that a range needs as much of it as before.
  private func compressed(_ bytes: [UInt8], in frameByteCount: UInt32) -> CompressedPayload? {
    var compressor = ZstandardCompressor(level: level)
    var payload: [UInt8] = []
    var counts: [UInt32] = []
    for start in stride(from: 0, to: bytes.count, by: Int(frameByteCount)) {
      let end = min(start + Int(frameByteCount), bytes.count)
      guard let frame = compressor.compress(bytes.span.extracting(start..<end)) else { return nil }
      payload += frame
      counts.append(UInt32(frame.count))
    }
    return CompressedPayload(
      payload: payload,
      frames: FrameTable(logicalByteCount: frameByteCount, storedByteCounts: counts),
      byteCount: bytes.count
    )
  }
}

/// Names one work of compressing again, in one engine.
package struct RecompressionID: Hashable, Sendable {
  package let number: UInt64
}

/// Stored bytes that are Zstandard frames.
struct CompressedPayload: Sendable {
  let payload: [UInt8]
  let frames: FrameTable
  /// The bytes that the frames hold.
  let byteCount: Int

  /// The share of a payload that must be saved, as one in so many bytes: below it the work of
  /// opening new frames, and of reading them back once, is for nothing.
  private static let leastSavingOneIn = 32

  /// Whether a thirty-second is saved, and a place in the log: records begin at multiples of 64.
  func isWorthwhile(insteadOf old: CompressedPayload) -> Bool {
    let least = max(old.payload.count / Self.leastSavingOneIn, StoreFormat.recordAlignment)
    return payload.count + least <= old.payload.count
  }

  /// What the frames hold; nil when they do not open to as many bytes as they should.
  func opened() -> [UInt8]? {
    var decompressor = ZstandardDecompressor()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    var start = 0
    for count in frames.storedByteCounts {
      let end = start + Int(count)
      let rest = min(Int(frames.logicalByteCount), byteCount - bytes.count)
      guard end <= payload.count, rest > 0,
        let frame = try? decompressor.decompress(
          payload.span.extracting(start..<end),
          byteCount: rest
        )
      else { return nil }
      bytes += frame
      start = end
    }
    return bytes.count == byteCount ? bytes : nil
  }
}

/// What the work on one payload has come to.
package struct Recompressed: Sendable {
  /// The better payload; nil: too little would be saved, or the old one cannot be opened.
  var payload: CompressedPayload?
  /// The better payload's checksums.
  var sums: PayloadDigest?
  /// The SHA-256 of what the old payload holds.
  var digest = SHA256Digest.none
  /// The SHA-256 of what the better one holds; nil when it cannot be opened.
  var rebuilt: SHA256Digest?
}
