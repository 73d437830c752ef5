import Disk

/// The newest batches, kept in the buffers they were written from, to be read from memory.
///
/// Bounded in bytes; the oldest go first. Batches of one slot are added in the order of their
/// offsets, so a lookup is a binary search.
struct RecentBatches {
  private struct Kept {
    let offset: Int
    let byteCount: Int
    var buffer: DiskBuffer?
  }

  /// The kept batches of one slot; those before `first` were dropped.
  private struct Run {
    var kept: [Kept] = []
    var first = 0

    func isOldest(_ offset: Int) -> Bool { kept[first].offset == offset }

    /// Drops the oldest batch, and says how much memory it held.
    mutating func dropOldest() -> Int {
      let byteCount = kept[first].buffer?.byteCount ?? 0
      kept[first].buffer = nil
      first += 1
      if first * 2 > kept.count {
        kept.removeFirst(first)
        first = 0
      }
      return byteCount
    }
  }

  private let byteLimit: Int
  private var slots: [UInt32: Run] = [:]
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
    slots[slot, default: Run()].kept.append(
      Kept(offset: offset, byteCount: byteCount, buffer: buffer)
    )
    order.append((slot, offset))
    self.byteCount += buffer.byteCount
    while self.byteCount > byteLimit { dropOldest() }
  }

  /// Returns the buffer that holds the byte at `offset` of a slot, where in the buffer it is, and
  /// where the batch ends there.
  func find(slot: UInt32, offset: Int) -> (buffer: DiskBuffer, position: Int, end: Int)? {
    guard let run = slots[slot] else { return nil }
    let kept = run.kept
    var low = run.first
    var high = kept.count
    while low < high {
      let middle = (low + high) / 2
      if kept[middle].offset <= offset { low = middle + 1 } else { high = middle }
    }
    guard low > run.first else { return nil }
    let batch = kept[low - 1]
    guard offset < batch.offset + batch.byteCount, let buffer = batch.buffer else { return nil }
    return (buffer, offset - batch.offset, batch.byteCount)
  }

  /// Forgets all batches of a slot, because it is about to hold others.
  mutating func forget(slot: UInt32) {
    guard let run = slots.removeValue(forKey: slot) else { return }
    for kept in run.kept[run.first...] { byteCount -= kept.buffer?.byteCount ?? 0 }
  }

  private mutating func dropOldest() {
    let (slot, offset) = order[oldest]
    oldest += 1
    if oldest > 1024, oldest * 2 > order.count {
      order.removeFirst(oldest)
      oldest = 0
    }
    guard slots[slot]?.isOldest(offset) == true else { return }
    byteCount -= slots[slot]?.dropOldest() ?? 0
    if slots[slot]?.kept.isEmpty == true { slots[slot] = nil }
  }
}
