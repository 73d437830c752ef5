package import Bytes

/// The digests a client says its upload has; each one given must turn out right.
package struct DeclaredDigests: Hashable, Sendable {
  package var sha256: SHA256Digest?
  /// 16 bytes.
  package var md5: [UInt8]?
  /// BLAKE2b with 32 bytes of output (RFC 7693), as twine and uv send it.
  package var blake2b256: [UInt8]?

  package init(
    sha256: SHA256Digest? = nil,
    md5: [UInt8]? = nil,
    blake2b256: [UInt8]? = nil
  ) {
    self.sha256 = sha256
    self.md5 = md5
    self.blake2b256 = blake2b256
  }

  /// Names the first declared digest that `staged` does not have, or nil when all hold.
  func firstMismatch(with digests: AssetDigests, _ blake: [UInt8]?) -> String? {
    if let sha256, sha256 != digests.sha256 { return "SHA-256" }
    if let md5, md5 != digests.md5 { return "MD5" }
    if let blake2b256, blake2b256 != blake { return "BLAKE2b-256" }
    return nil
  }
}
