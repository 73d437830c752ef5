import Disk

/// Sealing: a closed segment gets its table of contents.
///
/// Nobody waits for it. The footer is flushed before the trailer is written, so a valid trailer
/// means a whole footer; without one the batches are walked at the next open.
extension Engine {
  mutating func seal(_ slot: UInt32) {
    guard slots[slot].state == .closed, let segment = slots[slot].segment else { return }
    guard segment.damagedRanges.isEmpty else { return }
    guard segment.batchCount > 0 else { return free(slot) }
    slots[slot].state = .sealing
    let footer = Footer.encode(segment.entries, in: segment.identity)
    let place = FooterPlace(
      offset: limits.segmentByteCount - Trailer.byteCount - footer.count,
      byteCount: footer.count,
      entryCount: segment.entries.count
    )
    let buffer = makeBuffer(footer.count + Trailer.byteCount)
    buffer.copy(from: footer.span)
    let trailer = trailer(for: segment, place, live: slots[slot].live)
    let page = trailer.encode(
      in: segment.identity,
      segmentByteCount: superblock.segmentByteCount
    )
    buffer.copy(from: page.span, at: footer.count)
    writeFooter(place, of: slot, from: buffer)
  }

  /// A slot in which nothing was ever committed.
  private mutating func free(_ slot: UInt32) {
    if let segment = slots[slot].segment { slotOfSegment[segment.id] = nil }
    slots[slot].segment = nil
    slots[slot].state = .free
  }

  private mutating func writeFooter(
    _ place: FooterPlace,
    of slot: UInt32,
    from buffer: DiskBuffer
  ) {
    let footer = DiskOperation.write(
      .slot(slot),
      offset: UInt64(place.offset),
      byteCount: place.byteCount,
      from: buffer,
      bufferOffset: 0,
      flushed: true
    )
    let trailer = DiskOperation.write(
      .slot(slot),
      offset: UInt64(place.offset + place.byteCount),
      byteCount: Trailer.byteCount,
      from: buffer,
      bufferOffset: place.byteCount,
      flushed: true
    )
    submit(footer) { engine, result in
      guard case .success = result else { return engine.leaveUnsealed(slot, result) }
      engine.submit(trailer) { engine, result in
        guard case .success = result else { return engine.leaveUnsealed(slot, result) }
        engine.finishSeal(slot, place)
      }
    }
  }

  private mutating func finishSeal(_ slot: UInt32, _ place: FooterPlace) {
    slots[slot].state = .sealed
    slots[slot].segment?.footer = place
    slots[slot].segment?.entries = []
    // Now it may be reclaimed, or be used again.
    reclaim.mayHaveDeadSlots = true
    reclaim.isWorthALook = true
    lanes.stopWaiting()
  }

  /// The segment stays readable; the next open walks its batches.
  private mutating func leaveUnsealed(_ slot: UInt32, _ result: Result<Int, DiskError>) {
    slots[slot].state = .closed
    reclaim.isWorthALook = true
    lanes.stopWaiting()
    guard case .failure(let error) = result else { return }
    log(.alarm, "Slot \(slot) cannot be sealed: \(DiskFailure(error).message).")
  }

  private func trailer(for segment: Segment, _ place: FooterPlace, live: LiveBytes) -> Trailer {
    Trailer(
      storeID: superblock.storeID,
      batchCount: segment.batchCount,
      recordCount: segment.recordCount,
      entryCount: UInt64(place.entryCount),
      footerOffset: UInt64(place.offset),
      footerByteCount: UInt64(place.byteCount),
      lastBatchDigest: segment.lastDigest,
      firstSequence: segment.firstSequence,
      lastSequence: segment.lastSequence,
      logEnd: UInt64(segment.end),
      sealedMilliseconds: now,
      statistics: SegmentStatistics(
        liveRecordCount: UInt64(live.recordCount),
        liveByteCount: live.recordByteCount + live.extentByteCount
      )
    )
  }
}
