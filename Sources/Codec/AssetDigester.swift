package import Bytes
internal import Crypto

/// The four digests that CodeArtifact reports of an asset, in one pass over its bytes.
///
/// Feed it pieces of at most 1 MiB: each is then hashed four times while it is still in the cache.
/// One core does about 0.23 GB/s. A value: a copy is a snapshot.
package struct AssetDigester: Sendable {
  private var md5 = Insecure.MD5()
  private var sha1 = Insecure.SHA1()
  private var sha256 = SHA256()
  private var sha512 = SHA512()

  package init() {}

  /// Adds bytes to what is hashed.
  package mutating func update(_ bytes: Span<UInt8>) {
    // SAFETY: the hashes read the bytes during the call and keep no pointer to them.
    unsafe bytes.withUnsafeBytes { buffer in
      unsafe md5.update(bufferPointer: buffer)
      unsafe sha1.update(bufferPointer: buffer)
      unsafe sha256.update(bufferPointer: buffer)
      unsafe sha512.update(bufferPointer: buffer)
    }
  }

  /// Returns the digests of all bytes so far; more may follow.
  package func digests() -> AssetDigests {
    AssetDigests(
      md5: Array(md5.finalize()),
      sha1: Array(sha1.finalize()),
      sha256: Bytes.SHA256Digest(finished: sha256.finalize()),
      sha512: Array(sha512.finalize())
    )
  }
}
