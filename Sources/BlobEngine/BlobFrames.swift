/// A piece of a blob as Zstandard frames (RFC 8878), for whoever decompresses it elsewhere.
public struct BlobFrames: Hashable, Sendable {
  /// One or more whole frames, none of which needs a dictionary or looks back further than 8 MiB
  /// (RFC 9659).
  public let bytes: [UInt8]
  /// How many bytes of the blob the frames hold.
  public let byteCount: Int
}
