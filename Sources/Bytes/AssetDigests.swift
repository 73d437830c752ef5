/// The four digests that CodeArtifact reports of every asset.
package struct AssetDigests: Hashable, Sendable {
  /// MD5 (RFC 1321), 16 bytes: an attribute for clients' checksum files, never an identity.
  package let md5: [UInt8]
  /// SHA-1 (FIPS 180-4), 20 bytes, for the same use.
  package let sha1: [UInt8]
  /// SHA-256 (FIPS 180-4): the blob's key.
  package let sha256: SHA256Digest
  /// SHA-512 (FIPS 180-4), 64 bytes.
  package let sha512: [UInt8]

  package init(md5: [UInt8], sha1: [UInt8], sha256: SHA256Digest, sha512: [UInt8]) {
    self.md5 = md5
    self.sha1 = sha1
    self.sha256 = sha256
    self.sha512 = sha512
  }
}
