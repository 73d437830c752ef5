import Disk

/// The newest batches, kept in the buffers they were written from, to be read from memory.
///
/// Bounded in bytes; the oldest go first. Batches of one slot are added in the order of their
/// offsets, so a lookup is a binary search.
struct RecentBatches {
  private struct Kept {
    let offset: Int
    let byteCount: Int
    let buffer: DiskBuffer
  }

  private let byteLimit: Int
  private var slots: [UInt32: [Kept]] = [:]
  private var order: [(slot: UInt32, offset: Int)] = []
  private var oldest = 0
  /// The memory that is kept, in bytes.
  private(set) var byteCount = 0

  init(byteLimit: Int) {
    self.byteLimit = byteLimit
  }

  /// Keeps a batch that was written at `offset` of a slot.
  mutating func add(_ buffer: DiskBuffer, byteCount: Int, slot: UInt32, offset: Int) {
    guard buffer.byteCount <= byteLimit else { return }
    slots[slot, default: []].append(Kept(offset: offset, byteCount: byteCount, buffer: buffer))
    order.append((slot, offset))
    self.byteCount += buffer.byteCount
    while self.byteCount > byteLimit { dropOldest() }
  }

  /// Returns the buffer that holds the byte at `offset` of a slot, where in the buffer it is, and
  /// where the batch ends there.
  func find(slot: UInt32, offset: Int) -> (buffer: DiskBuffer, position: Int, end: Int)? {
    guard let kept = slots[slot] else { return nil }
    var low = 0
    var high = kept.count
    while low < high {
      let middle = (low + high) / 2
      if kept[middle].offset <= offset { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let batch = kept[low - 1]
    guard offset < batch.offset + batch.byteCount else { return nil }
    return (batch.buffer, offset - batch.offset, batch.byteCount)
  }

  /// Forgets all batches of a slot, because it is about to hold others.
  mutating func forget(slot: UInt32) {
    for kept in slots.removeValue(forKey: slot) ?? [] { byteCount -= kept.buffer.byteCount }
  }

  private mutating func dropOldest() {
    let (slot, offset) = order[oldest]
    oldest += 1
    if oldest > 1024, oldest * 2 > order.count {
      order.removeFirst(oldest)
      oldest = 0
    }
    guard let first = slots[slot]?.first, first.offset == offset else { return }
    byteCount -= first.buffer.byteCount
    slots[slot]?.removeFirst()
    if slots[slot]?.isEmpty == true { slots[slot] = nil }
  }
}
