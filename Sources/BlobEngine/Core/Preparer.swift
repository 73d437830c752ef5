package import Bytes

/// Makes the bytes of a put ready for the log: hashes, compresses, cuts.
///
/// The costly part of a put (1.4 GB/s for the SHA-256, 70–185 MB/s for compression where it pays),
/// so it belongs on a worker and not on the engine's thread. Cheap to copy.
package struct Preparer: Sendable {
  /// The largest blob that is one record; larger ones are uploads. In bytes.
  package let inlineByteLimit: Int
  /// The size of an upload's pieces but for the last, in bytes.
  package let extentByteCount: Int
  /// Whether bytes are compressed where that pays.
  package let compresses: Bool
}

/// A small blob, ready for the log.
package struct PreparedBlob: Sendable {
  package let key: SHA256Digest
  /// The blob's size, in bytes.
  package let byteCount: Int
  /// The bytes to store: the blob's own, or frames.
  package let payload: [UInt8]
  /// The stored size of each frame, or empty when the bytes are not compressed.
  package let frameByteCounts: [Int]
  package let probe: ContentProbe
}

/// A piece of an upload, ready for the log.
package struct PreparedExtent: Sendable {
  /// The piece's size in the blob, in bytes; at most ``Preparer/extentByteCount``.
  package let byteCount: Int
  /// The bytes to store: the blob's own, or one frame.
  package let payload: [UInt8]
  package let isCompressed: Bool
}

/// The keyed XXH3-128 of a blob's first 64 KiB: a hint that the blob may be present, never proof.
package struct ContentProbe: Hashable, Sendable {
  package let low: UInt64
  package let high: UInt64
}

extension Preparer {
  /// Hashes a small blob, and compresses it where that pays.
  ///
  /// - Precondition: at most ``inlineByteLimit`` bytes.
  package func blob(_ bytes: [UInt8]) -> PreparedBlob {
    preconditionFailure("the surface comes before the codecs")
  }

  /// As ``blob(_:)``, for a caller that has hashed the bytes already.
  package func blob(_ bytes: [UInt8], key: SHA256Digest) -> PreparedBlob {
    preconditionFailure("the surface comes before the codecs")
  }

  /// Compresses a piece of an upload where that pays.
  ///
  /// - Precondition: at most ``extentByteCount`` bytes, and exactly that many but for the last.
  package func extent(_ bytes: [UInt8]) -> PreparedExtent {
    preconditionFailure("the surface comes before the codecs")
  }

  /// Returns the probe of a blob from its first bytes: 64 KiB, or all when there are fewer.
  package func probe(_ firstBytes: Span<UInt8>) -> ContentProbe {
    preconditionFailure("the surface comes before the codecs")
  }
}
