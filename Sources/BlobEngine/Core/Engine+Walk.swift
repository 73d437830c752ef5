import Bytes
import Disk

/// Walking the segments without a footer, one after the other.
extension Engine {
  mutating func walkSegments(_ recovery: Recovery) {
    walkNext(recovery.unsealed[...], [], recovery)
  }

  private mutating func walkNext(
    _ slots: ArraySlice<UInt32>,
    _ done: [SegmentWalk],
    _ recovery: Recovery
  ) {
    guard let slot = slots.first else { return applyTailRule(done, recovery) }
    walk(slot) { engine, walk in
      engine.walkNext(slots.dropFirst(), walk.map { done + [$0] } ?? done, recovery)
    }
  }

  /// Walks one segment; nil when it cannot be read at all.
  mutating func walk(_ slot: UInt32, then: @escaping (inout Engine, SegmentWalk?) -> Void) {
    guard let segment = slots[slot].segment else { return then(&self, nil) }
    let walk = SegmentWalk(
      slot: slot,
      segment: segment,
      checksum: checksum,
      limit: limits.segmentByteCount,
      stopsAtFirstDoubt: breakages.contains(.truncateOnAnyBadChecksum)
    )
    let window = min(2 * limits.batchByteCount, limits.segmentByteCount)
    goOn(walk, makeBuffer(window), window, then)
  }

  private mutating func goOn(
    _ walk: SegmentWalk,
    _ buffer: DiskBuffer,
    _ window: Int,
    _ then: @escaping (inout Engine, SegmentWalk?) -> Void
  ) {
    guard !walk.isOver else { return then(&self, walk) }
    let start = walk.position
    let count = min(window, walk.limit - start)
    submit(
      .read(
        .slot(walk.slot),
        offset: UInt64(start),
        byteCount: count,
        into: buffer,
        bufferOffset: 0,
        .direct
      )
    ) { engine, result in
      guard case .success = result else {
        return engine.readByPages(walk, buffer, start..<(start + count)) { engine in
          walk.read(buffer.span.extracting(0..<count))
          engine.goOn(walk, buffer, window, then)
        }
      }
      walk.read(buffer.span.extracting(0..<count))
      engine.goOn(walk, buffer, window, then)
    }
  }

  /// Reads what can be read of a window that the device fails on; the rest counts as zeroes.
  private mutating func readByPages(
    _ walk: SegmentWalk,
    _ buffer: DiskBuffer,
    _ range: Range<Int>,
    then: @escaping (inout Engine) -> Void
  ) {
    let page = StoreFormat.pageByteCount
    let offsets = stride(from: range.lowerBound, to: range.upperBound, by: page)
    let operations = offsets.map { offset in
      DiskOperation.read(
        .slot(walk.slot),
        offset: UInt64(offset),
        byteCount: page,
        into: buffer,
        bufferOffset: offset - range.lowerBound,
        .direct
      )
    }
    submitAll(operations) { engine, results in
      for (index, result) in results.enumerated() {
        guard case .failure = result else { continue }
        walk.hasUnreadableTail = true
        buffer.zero((index * page)..<((index + 1) * page))
      }
      then(&engine)
    }
  }
}
