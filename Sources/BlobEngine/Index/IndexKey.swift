package import Bytes
package import Codec

/// What the index knows a blob by: its partition and a keyed fingerprint.
///
/// Two blobs may share a key; the record's head decides. The store's secret keeps anyone outside
/// from choosing blobs that do.
package struct IndexKey: Hashable, Sendable {
  /// The first byte of the blob's key.
  package let partition: UInt8
  /// XXH3-64 of the blob's key, followed by the scope tag unless it is 0.
  package let fingerprint: UInt64

  package init(partition: UInt8, fingerprint: UInt64) {
    self.partition = partition
    self.fingerprint = fingerprint
  }

  /// Makes the key of a blob.
  package init(_ key: SHA256Digest, scope: UInt32 = 0, checksum: Checksum) {
    var input = [36 of UInt8](repeating: 0)
    var bytes = input.mutableSpan
    bytes.store(key, at: 0)
    bytes.storeLittleEndian(scope, at: SHA256Digest.byteCount)
    let count = scope == 0 ? SHA256Digest.byteCount : SHA256Digest.byteCount + 4
    self.partition = UInt8(truncatingIfNeeded: key.words.0 >> 56)
    self.fingerprint = checksum.digest64(input.span.extracting(0..<count))
  }
}
