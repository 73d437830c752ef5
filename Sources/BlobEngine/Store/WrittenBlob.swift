public import Bytes

/// What a writer's bytes hash to, before they are a blob.
public struct WrittenBlob: Hashable, Sendable {
  /// The SHA-256 of the bytes: the key of the blob that they may become.
  public let key: SHA256Digest
  /// How many bytes were written.
  public let byteCount: UInt64
  /// The digests that the writer was made for.
  public let digests: BlobDigests
}
