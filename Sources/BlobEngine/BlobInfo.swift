public import Bytes

/// What a store knows of a blob without reading its bytes.
public struct BlobInfo: Hashable, Sendable {
  /// The SHA-256 of the blob's bytes.
  public let key: SHA256Digest
  /// The blob's size, in bytes.
  public let byteCount: UInt64
  /// The bytes that the blob takes in the log, heads and tables included, alignment not.
  public let storedByteCount: UInt64
  /// Whether the call that returned this stored the bytes; false when they were there already.
  public let wasNew: Bool
  /// The digests beside the key that the call was asked for, or that ``BlobStore/stat(_:)`` found
  /// stored; none in the answers of reads.
  public let digests: BlobDigests
  /// Names the key that the blob is encrypted with, where the engine tells what a record says.
  package let keyID: KeyID?

  package init(
    key: SHA256Digest,
    byteCount: UInt64,
    storedByteCount: UInt64,
    wasNew: Bool,
    digests: BlobDigests = BlobDigests(),
    keyID: KeyID? = nil
  ) {
    self.key = key
    self.byteCount = byteCount
    self.storedByteCount = storedByteCount
    self.wasNew = wasNew
    self.digests = digests
    self.keyID = keyID
  }
}
