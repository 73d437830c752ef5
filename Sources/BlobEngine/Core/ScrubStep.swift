import Bytes
import Codec

/// One step of a scrub: a part of one slot, and what was found in it.
final class ScrubStep {
  let request: RequestID
  let slot: UInt32
  var byteCount: UInt64 = 0
  var damaged: [(key: SHA256Digest, damage: BlobDamage)] = []
  var otherDamage: [String] = []
  /// Where batches do not verify.
  var suspects: [Range<Int>] = []
  /// Extents that do not verify, until their blobs are found.
  var badExtents: [UInt64: BlobDamage] = [:]
  /// Chunks that do not verify, by their keys, and those of them whose blobs were found.
  var badChunks: [SHA256Digest: BlobDamage] = [:]
  private(set) var ownedChunks: Set<SHA256Digest> = []
  /// Where this slot goes on; nil: it is done.
  var nextOffset: Int?

  init(request: RequestID, slot: UInt32) {
    self.request = request
    self.slot = slot
  }

  /// Calls a blob damaged whose recipe needs a damaged chunk.
  func blame(_ recipe: Record) {
    let bad = recipe.items.runs.compactMap(\.source).filter { badChunks[$0] != nil }
    ownedChunks.formUnion(bad)
    guard let damage = bad.first.flatMap({ badChunks[$0] }) else { return }
    damaged.append((recipe.head.key, damage))
  }

  /// Verifies the batches of a window that begins at `start` of the slot, and returns where the
  /// first one begins that does not lie in the window whole.
  func verify(
    _ window: Span<UInt8>,
    from start: Int,
    to end: Int,
    in segment: SegmentIdentity
  ) -> Int {
    var position = start
    while position < end {
      let local = position - start
      guard
        let head = try? BatchHead(
          decoding: window,
          at: local,
          in: segment,
          at: UInt64(position)
        )
      else {
        suspect(position..<(position + StoreFormat.pageByteCount))
        position += StoreFormat.pageByteCount
        continue
      }
      guard head.batchByteCount <= window.count - local else { return position }
      let batch = window.extracting(local..<(local + head.batchByteCount))
      if (try? head.checkBody(batch, in: segment, at: UInt64(position))) == nil {
        suspect(position..<(position + head.batchByteCount))
      }
      position += head.batchByteCount
    }
    return position
  }

  /// Joins what is suspect where it touches.
  private func suspect(_ range: Range<Int>) {
    if let last = suspects.last, last.upperBound == range.lowerBound {
      suspects[suspects.count - 1] = last.lowerBound..<range.upperBound
    } else {
      suspects.append(range)
    }
  }
}
