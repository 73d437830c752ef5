// The sizes that decoders ask of what seals payloads (BlockCipher, SealedBlocks), so that they
// build without a library of ciphers. No decoder opens a seal.

package enum BlockCipher {
  package static let tagByteCount = 16
}

package enum SealedBlocks {
  private static let blockByteCount = 64 * 1024

  package static func blockCount(byteCount: Int) -> Int {
    max(1, (byteCount + blockByteCount - 1) / blockByteCount)
  }
}
