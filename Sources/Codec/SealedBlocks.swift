/// Encrypts bytes block by block, so that a part of them can be decrypted without the rest.
///
/// Each block is AES-256-GCM under a key that is used for these bytes alone, with the block's
/// number as its nonce:
///
/// ```
/// nonce       block number (8, little-endian) ‖ zero (4)
/// associated  context ‖ block number (8) ‖ number of blocks (8)
/// ```
///
/// Invariants:
///
/// 1. A key seals once. Whoever makes one derives it with random bytes that it never used before.
/// 2. No block opens in the place of another, or of as many blocks as it does not belong to: what
///    was swapped, cut off or appended does not open.
/// 3. The context holds all that must be true of the bytes besides: where they belong, how long
///    they are, what they decode to.
/// 4. There is one block at least, if an empty one, so that there is always something to verify.
package struct SealedBlocks: ~Copyable {
  /// The bytes in every block but the last.
  package static let blockByteCount = 64 * 1024

  private let cipher: BlockCipher
  private let context: [UInt8]

  /// Prepares the sealing or opening of one run of bytes.
  package init(key: SecretKey, context: [UInt8]) {
    self.cipher = BlockCipher(key: key)
    self.context = context
  }

  /// How many blocks a number of bytes makes.
  package static func blockCount(byteCount: Int) -> Int {
    max(1, (byteCount + blockByteCount - 1) / blockByteCount)
  }

  /// Where a block lies.
  package static func block(_ number: Int, of byteCount: Int) -> Range<Int> {
    let start = number * blockByteCount
    return start..<min(start + blockByteCount, byteCount)
  }

  /// Encrypts bytes, and returns them with the tags of their blocks, one after the other.
  package func seal(_ plain: Span<UInt8>) -> (sealed: [UInt8], tags: [UInt8]) {
    let count = Self.blockCount(byteCount: plain.count)
    var sealed: [UInt8] = []
    sealed.reserveCapacity(plain.count)
    var tags: [UInt8] = []
    tags.reserveCapacity(count * BlockCipher.tagByteCount)
    for number in 0..<count {
      cipher.seal(
        plain.extracting(Self.block(number, of: plain.count)),
        nonce: Self.nonce(number),
        authenticating: associated(number, of: count),
        to: &sealed,
        tags: &tags
      )
    }
    return (sealed, tags)
  }

  /// Decrypts some blocks of `byteCount` bytes, of which `sealed` holds exactly those blocks.
  ///
  /// - Parameters:
  ///   - sealed: the blocks' bytes.
  ///   - blocks: their numbers.
  ///   - byteCount: how many bytes were sealed together.
  ///   - tags: the tags of all blocks.
  /// - Returns: the bytes, or nil when one of the blocks is not what was sealed in its place.
  package func open(
    _ sealed: Span<UInt8>,
    blocks: Range<Int>,
    of byteCount: Int,
    tags: [UInt8]
  ) -> [UInt8]? {
    let count = Self.blockCount(byteCount: byteCount)
    guard tags.count == count * BlockCipher.tagByteCount,
      blocks.upperBound <= count
    else { return nil }
    var plain: [UInt8] = []
    plain.reserveCapacity(sealed.count)
    let start = blocks.lowerBound * Self.blockByteCount
    for number in blocks {
      let block = Self.block(number, of: byteCount)
      let place = (block.lowerBound - start)..<(block.upperBound - start)
      guard place.upperBound <= sealed.count else { return nil }
      let tag = number * BlockCipher.tagByteCount
      let isOpen = cipher.open(
        sealed.extracting(place),
        nonce: Self.nonce(number),
        authenticating: associated(number, of: count),
        tag: tags.span.extracting(tag..<(tag + BlockCipher.tagByteCount)),
        to: &plain
      )
      guard isOpen else { return nil }
    }
    return plain
  }

  private static func nonce(_ number: Int) -> [UInt8] {
    word(number) + [0, 0, 0, 0]
  }

  private func associated(_ number: Int, of count: Int) -> [UInt8] {
    context + Self.word(number) + Self.word(count)
  }

  private static func word(_ number: Int) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }
}
