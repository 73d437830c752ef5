import Bytes

extension BlobInfo {
  /// Describes the blob that a record holds or lists.
  init(_ record: Record, wasNew: Bool = false) {
    let extents = record.items.extents.reduce(UInt64(0)) { $0 + $1.recordByteCount }
    // What a recipe says is bounded by nothing but what a word holds.
    let chunks = min(record.items.runs.chunkByteCount, UInt64.max / 2)
    self.init(
      key: record.head.key,
      byteCount: record.head.logicalByteCount,
      storedByteCount: UInt64(record.head.recordByteCount) + extents + chunks,
      wasNew: wasNew,
      keyID: record.items.seal?.keyID
    )
  }
}
