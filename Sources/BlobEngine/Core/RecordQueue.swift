/// Records in the order they came, taken from the front.
struct RecordQueue {
  private var records: [QueuedRecord] = []
  private var first = 0
  /// The payload bytes that wait here.
  private(set) var byteCount = 0

  var isEmpty: Bool { first == records.count }
  var count: Int { records.count - first }

  subscript(index: Int) -> QueuedRecord { records[first + index] }

  mutating func append(_ record: QueuedRecord) {
    records.append(record)
    byteCount += record.payload.count
  }

  /// Removes and returns the first `count` records.
  mutating func take(_ count: Int) -> [QueuedRecord] {
    let taken = Array(records[first..<(first + count)])
    for record in taken { byteCount -= record.payload.count }
    first += count
    if first == records.count {
      records.removeAll(keepingCapacity: true)
      first = 0
    } else if first > 256, first * 2 > records.count {
      records.removeFirst(first)
      first = 0
    }
    return taken
  }

  /// Removes and returns the records for which `isGone` holds.
  mutating func removeAll(where isGone: (QueuedRecord) -> Bool) -> [QueuedRecord] {
    let all = take(count)
    for record in all where !isGone(record) { append(record) }
    return all.filter(isGone)
  }
}
