package import Bytes
import Disk

/// A recipe, ready to be verified and written.
package struct PreparedRecipe: Sendable {
  /// What the engine calls the blob: its SHA-256, or in a scope a name made of it.
  package let key: SHA256Digest
  package let byteCount: UInt64
  let runs: [RecipeRun]
  let stored: StoredBytes
  private(set) var items: RecordExtension

  /// Takes a skeleton as it is stored, encrypted in a scope.
  init(key: SHA256Digest, byteCount: UInt64, runs: [RecipeRun], _ skeleton: StoredBytes) {
    self.key = key
    self.byteCount = byteCount
    self.runs = runs
    stored = skeleton
    items = skeleton.items
    items.runs = runs
  }

  /// Names the key that the recipe is encrypted with; nil: none.
  var keyID: KeyID? { items.seal?.keyID }

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
    var head = RecordHead(
      type: .recipe,
      sequence: 0,
      logicalByteCount: byteCount,
      storedByteCount: UInt64(stored.payload.count),
      key: key,
      payloadDigest: stored.digest
    )
    head.extensionByteCount = tail.count
    return head
  }

  /// The bytes of the record.
  var recordByteCount: UInt64 { UInt64(head.recordByteCount) }

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
