package import Bytes
import Codec

/// A small blob, ready for the log.
package struct PreparedBlob: Sendable {
  package let key: SHA256Digest
  /// The blob's size, in bytes.
  package let byteCount: Int
  let stored: StoredBytes
  package let probe: ContentProbe

  /// The bytes that go to the log.
  package var payload: [UInt8] { stored.payload }
}

/// A piece of an upload, ready for the log.
package struct PreparedExtent: Sendable {
  /// The piece's size in the blob, in bytes; at most ``Preparer/extentByteCount``.
  package let byteCount: Int
  let stored: StoredBytes

  /// The bytes that go to the log.
  package var payload: [UInt8] { stored.payload }
}

/// The keyed XXH3-128 of a blob's first 64 KiB: a hint that the blob may be present, never proof.
package struct ContentProbe: Hashable, Sendable {
  package let low: UInt64
  package let high: UInt64
}

/// The payload of a record with what its head and extension say of it.
struct StoredBytes: Sendable {
  let payload: [UInt8]
  let isCompressed: Bool
  let digest: UInt64
  /// The record's extension: block digests and frames.
  let tail: [UInt8]

  init(_ payload: [UInt8], frames: FrameTable?, checksum: Checksum) {
    let sums = PayloadDigest(of: payload.span, checksum: checksum)
    var items = RecordExtension()
    items.blockDigests = sums.blocks
    items.frames = frames
    self.payload = payload
    self.isCompressed = frames != nil
    self.digest = sums.digest
    self.tail = items.isEmpty ? [] : items.encode()
  }
}
