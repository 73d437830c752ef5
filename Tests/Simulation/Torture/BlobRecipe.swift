/// The bytes of a blob in a few words, so that a run can be printed and shrunk.
///
/// Blobs of one family, texture and size have the same first 64 KiB and differ after them only;
/// who takes equal beginnings for equal blobs mixes them up.
package struct BlobRecipe: Hashable, Sendable {
  /// How the bytes look to a compressor.
  package enum Texture: Int, Hashable, Sendable {
    case noise
    case text
    /// Compresses to a third, and a little better the harder one tries.
    case prose
    /// A zip archive; the archives of one family and size have all members but one in common.
    case archive
  }

  package var byteCount: Int
  package var family: Int
  package var variant: Int
  package var texture: Texture

  package init(byteCount: Int, family: Int = 0, variant: Int = 0, texture: Texture = .noise) {
    self.byteCount = byteCount
    self.family = family
    self.variant = variant
    self.texture = texture
  }

  /// The bytes that a family shares, at the front.
  package static let sharedByteCount = 65536

  /// Makes the blob's bytes.
  package func makeBytes() -> [UInt8] {
    texture == .archive ? makeArchive() : makeContent()
  }

  private func makeContent() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    let isShort = byteCount <= Self.sharedByteCount
    fill(&bytes, upTo: min(byteCount, Self.sharedByteCount), seed: isShort ? variant : -1)
    fill(&bytes, upTo: byteCount, seed: variant)
    return bytes
  }

  /// The smallest archive, in bytes: below it there is no room for members.
  package static let leastArchiveByteCount = 1000

  /// Four members, of which the third is the variant's own.
  private func makeArchive() -> [UInt8] {
    precondition(byteCount >= Self.leastArchiveByteCount, "an archive has members")
    let overhead = 4 * ArchiveWriter.overhead(nameByteCount: 1) + ArchiveWriter.endByteCount
    let size = (byteCount - overhead) / 4
    var writer = ArchiveWriter()
    for number in 0..<4 {
      let isLast = number == 3
      let member = BlobRecipe(
        byteCount: isLast ? byteCount - overhead - 3 * size : size,
        family: family &* 4 &+ number,
        variant: number == 2 ? variant &+ 100 : 50
      )
      writer.append(member.makeContent(), named: "\(number)")
    }
    return writer.finished()
  }

  /// Appends pages that differ from one another, so that a page from elsewhere is noticed.
  private func fill(_ bytes: inout [UInt8], upTo end: Int, seed: Int) {
    guard bytes.count < end else { return }
    var generator = SeededGenerator(
      seed: UInt64(bitPattern: Int64(family &* 1_000_003 &+ seed)) ^ 0x5EED
    )
    var pattern = page(using: &generator)
    let isText = texture == .text || texture == .prose
    while bytes.count < end {
      if texture == .prose { pattern = page(using: &generator) }
      var stamp = UInt64(bytes.count) ^ generator.next()
      for _ in 0..<8 where bytes.count < end {
        bytes.append(isText ? 97 + UInt8(stamp & 15) : UInt8(truncatingIfNeeded: stamp))
        stamp >>= 8
      }
      bytes.append(contentsOf: pattern.prefix(end - bytes.count))
    }
  }

  private func page(using generator: inout SeededGenerator) -> [UInt8] {
    switch texture {
    case .noise, .archive: generator.bytes(1016)
    case .prose: prose(using: &generator)
    case .text: Array(repeatElement(Array("lines of code ".utf8), count: 73).joined().prefix(1016))
    }
  }
}

extension BlobRecipe {
  /// A page of words, of which the first are common and the last are rare.
  private func prose(using generator: inout SeededGenerator) -> [UInt8] {
    var page: [UInt8] = []
    while page.count < 1016 {
      let number = generator.below(1 + generator.below(1 + generator.below(64)))
      var words = SeededGenerator(seed: UInt64(number) ^ 0x0F_00D5)
      let letters = (0..<2 + words.below(8)).map { _ in 97 + UInt8(words.below(26)) }
      page += letters + [32]
    }
    return Array(page.prefix(1016))
  }
}

extension BlobRecipe: CustomStringConvertible {
  /// Size, family and variant, such as `4096 bytes 3.1`.
  package var description: String {
    "\(byteCount) bytes \(family).\(variant)\(texture == .noise ? "" : " \(texture)")"
  }
}
