/// Which stored bytes of a record a range of its logical bytes needs.
struct FramePlan {
  /// The bytes of the payload to be read and verified.
  let stored: Range<UInt64>
  /// The frames, in places relative to the payload.
  let frames: [(stored: Range<Int>, byteCount: Int, isCompressed: Bool)]
  /// Where in the first frame, once decoded, the range begins.
  let skip: Int

  /// Plans the reading of `range`, which lies inside the record's logical bytes.
  init(_ range: Range<UInt64>, of record: Record) {
    guard record.head.codec != .raw, !range.isEmpty else {
      self.init(uncut: record.head.codec == .raw ? range : 0..<0)
      return
    }
    self.init(
      range,
      cut: record.items.frames ?? FrameTable(single: record.head),
      total: record.head.logicalByteCount
    )
  }

  private init(uncut range: Range<UInt64>) {
    let bytes = Int(range.lowerBound)..<Int(range.upperBound)
    self.stored = range
    self.frames = range.isEmpty ? [] : [(bytes, bytes.count, false)]
    self.skip = 0
  }

  private init(_ range: Range<UInt64>, cut table: FrameTable, total: UInt64) {
    let size = UInt64(table.logicalByteCount)
    let first = Int(range.lowerBound / size)
    let last = Int((range.upperBound - 1) / size)
    var start = table.storedByteCounts[..<first].reduce(0) { $0 + Int($1) }
    let beginning = start
    var frames: [(stored: Range<Int>, byteCount: Int, isCompressed: Bool)] = []
    for number in first...last {
      let end = start + Int(table.storedByteCounts[number])
      let byteCount = Int(min(size, total - UInt64(number) * size))
      frames.append((start..<end, byteCount, true))
      start = end
    }
    self.stored = UInt64(beginning)..<UInt64(start)
    self.frames = frames
    self.skip = Int(range.lowerBound - UInt64(first) * size)
  }
}

extension FrameTable {
  /// The table of a payload that is one frame.
  init(single head: RecordHead) {
    self.init(
      logicalByteCount: UInt32(clamping: head.logicalByteCount),
      storedByteCounts: [UInt32(clamping: head.storedByteCount)]
    )
  }
}
