package import Bytes
import Codec
import Disk

/// A recipe, ready to be verified and written.
package struct PreparedRecipe: Sendable {
  /// The blob's SHA-256, which is its name: what is encrypted has no recipe.
  package let key: SHA256Digest
  package let byteCount: UInt64
  let runs: [RecipeRun]
  let stored: StoredBytes
  private var items: RecordExtension

  init(key: SHA256Digest, runs: [RecipeRun], skeleton: [UInt8], checksum: Checksum) {
    let sums = PayloadDigest(of: skeleton.span, checksum: checksum)
    var items = RecordExtension()
    items.blockDigests = sums.blocks
    items.runs = runs
    self.key = key
    self.byteCount = runs.reduce(0) { $0 + $1.byteCount }
    self.runs = runs
    self.stored = StoredBytes(skeleton[...], frames: nil, checksum: checksum)
    self.items = items
  }

  /// The recipe with what stands beside the bytes in the record whose place it takes: digests, and
  /// what newer builds have put there.
  func with(itemsOf old: RecordExtension) -> PreparedRecipe {
    var result = self
    result.items.digests = old.digests
    result.items.sealedDigests = old.sealedDigests
    result.items.milliseconds = old.milliseconds
    result.items.unknown = old.unknown
    return result
  }

  /// The record's extension.
  var tail: [UInt8] { items.encode() }

  var head: RecordHead {
    RecordHead(
      type: .recipe,
      sequence: 0,
      logicalByteCount: byteCount,
      storedByteCount: UInt64(stored.payload.count),
      key: key,
      payloadDigest: stored.digest
    )
  }

  /// The bytes of the record.
  var recordByteCount: UInt64 {
    UInt64(RecordHead.byteCount + tail.count + stored.payload.count)
  }

  /// Whether the record can be written in a store with these measures, with room left for so many
  /// bytes of other items.
  func isWithin(_ limits: EngineLimits, leaving rest: Int = 0) -> Bool {
    let batch = limits.batchByteCount - StoreFormat.pageByteCount
    return !runs.isEmpty && runs.count <= RecipeRun.maximumCount
      && tail.count + rest <= limits.extensionByteCount
      && stored.payload.count <= limits.extentByteCount
      && recordByteCount + UInt64(rest) <= UInt64(batch)
  }

  /// Whether what was read back is what was to be written.
  func isSame(as fetched: FetchedRecord) -> Bool {
    let record = fetched.record
    let skeleton = fetched.buffer.span.extracting(record.payload)
    return record.head.type == .recipe && record.head.logicalByteCount == byteCount
      && record.items == items && skeleton.hasSameBytes(as: stored.payload.span)
  }
}

/// What the engine calls a chunk.
///
/// Not the SHA-256 of its bytes, under which a caller may have stored the same bytes, but that of a
/// label and of the bytes' SHA-256: nobody can make a blob of that name.
enum ChunkName {
  private static let label = Array("larder chunk, version 1".utf8)

  static func key(of digest: SHA256Digest) -> SHA256Digest {
    var bytes = FieldWriter(reserving: label.count + SHA256Digest.byteCount)
    bytes.append(label)
    bytes.append(digest)
    return SHA256Stream.digest(of: bytes.bytes.span)
  }
}

extension Preparer {
  /// Makes the bytes of a chunk ready for the log, as they are: they are compressed by whoever made
  /// the archive, as a rule.
  ///
  /// - Precondition: at most ``inlineByteLimit`` bytes.
  package func chunk(_ bytes: [UInt8]) -> PreparedBlob {
    precondition(bytes.count <= inlineByteLimit, "a longer member is several chunks")
    let digest = SHA256Stream.digest(of: bytes.span)
    let stored = StoredBytes(bytes[...], frames: nil, checksum: checksum)
    return PreparedBlob(
      key: ChunkName.key(of: digest),
      digest: digest,
      byteCount: bytes.count,
      stored: stored,
      probe: ContentProbe(low: 0, high: 0),
      isChunk: true
    )
  }

  func recipe(
    of key: SHA256Digest,
    runs: [RecipeRun],
    skeleton: [UInt8]
  ) -> PreparedRecipe {
    PreparedRecipe(key: key, runs: runs, skeleton: skeleton, checksum: checksum)
  }
}
