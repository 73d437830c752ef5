import Bytes
import Disk

/// How lanes come by segments: prepared ahead, opened when needed, closed when full.
extension Engine {
  /// Gives a lane an open segment, now if one is prepared, otherwise soon.
  mutating func openSegment(for lane: Lane) {
    if let spare = lanes[lane].spare {
      lanes[lane].spare = nil
      lanes[lane].begin(in: spare)
      slots[spare].state = .open
      return
    }
    prepareSegment(for: lane)
  }

  /// Has the next segment ready before the open one is full, so that no put waits for it.
  mutating func prepareSpareIfNeeded(for lane: Lane) {
    guard let slot = lanes[lane].active, let segment = slots[slot].segment,
      segment.end > limits.segmentByteCount / 2,
      lanes[lane].spare == nil, lane != .cold, !isFull
    else { return }
    prepareSegment(for: lane)
  }

  /// Stops appending to a segment, and seals it.
  mutating func closeSegment(_ slot: UInt32, of lane: Lane) {
    guard lanes[lane].active == slot else { return }
    lanes[lane].active = nil
    slots[slot].state = .closed
    seal(slot)
  }

  private mutating func prepareSegment(for lane: Lane) {
    guard !lanes[lane].isPreparing else { return }
    guard let slot = claimSlot(for: lane) else { return refuseNewBytes(in: lane) }
    lanes[lane].isPreparing = true
    let header = makeHeader(for: lane, slot: slot)
    let buffer = makeBuffer(SegmentHeader.byteCount)
    buffer.copy(from: header.encode().span)
    let isNew = !slotFiles.contains(slot)
    slots[slot].segment = nil
    recent.forget(slot: slot)
    let plan = Preparation(slot: slot, lane: lane, header: header, buffer: buffer, isNew: isNew)
    if isNew { create(plan) } else { writeHeader(plan) }
  }

  private mutating func claimSlot(for lane: Lane) -> UInt32? {
    retireDeadSlots()
    return slots.claim(leaving: slotCountLeft(by: lane))
  }

  /// No slot can be had: who can wait for one does, what brings bytes is refused, what only needs
  /// a few goes to the reserve.
  private mutating func refuseNewBytes(in lane: Lane) {
    if hopeForSlot(in: lane) { return lanes[lane].isWaitingForSpace = true }
    if !lanes[lane].displaced.isEmpty {
      // Pieces and copies count for nothing before something names them; what goes to the other
      // lane may be known to callers already.
      if lane == .ingest {
        stopWriting("a write failed, and there is no other slot to write to")
      }
      return failDisplaced(of: lane, with: .storageFull)
    }
    let refused = lanes[lane].queue.removeAll { $0.bringsBytes }
    fail(refused, with: .storageFull)
    guard !lanes[lane].queue.isEmpty else { return }
    if !refused.isEmpty { return prepareSegment(for: lane) }
    fail(lanes[lane].queue.take(lanes[lane].queue.count), with: .storageFull)
  }

  /// Leaves bytes waiting for as long as a slot may come back, and refuses them otherwise; what
  /// brings none goes on.
  mutating func refuseBytes(in lane: Lane) {
    if hopeForSlot(in: lane) { return lanes[lane].isWaitingForSpace = true }
    fail(lanes[lane].queue.removeAll { $0.bringsBytes }, with: .storageFull)
  }

  private mutating func makeHeader(for lane: Lane, slot: UInt32) -> SegmentHeader {
    let id = nextSegmentID
    nextSegmentID += 1
    var header = SegmentHeader(
      lane: lane,
      storeID: superblock.storeID,
      segmentID: id,
      slot: slot,
      createdMilliseconds: now,
      segmentByteCount: superblock.segmentByteCount,
      marker: SyncMarker(value: random128()),
      epoch: superblock.epoch,
      // A batch whose write failed elsewhere comes here with the sequences that it has.
      nextSequence: min(nextSequence, lanes.lowestUnsettledSequence ?? nextSequence),
      hashSecret: superblock.hashSecret
    )
    header.incompatibleFeatures = superblock.features.incompatible
    return header
  }

  // MARK: The steps of a preparation

  private mutating func create(_ plan: Preparation) {
    let file = StoreFile.slot(plan.slot)
    guard slots[plan.slot].hasLeftover else { return allocate(plan) }
    // Whether a refused file was made in part is not known; making it anew tells.
    submit(.remove(file)) { engine, _ in
      engine.slots[plan.slot].hasLeftover = false
      engine.allocate(plan)
    }
  }

  private mutating func allocate(_ plan: Preparation) {
    let operation = DiskOperation.create(
      .slot(plan.slot),
      byteCount: superblock.segmentByteCount
    )
    submit(operation) { engine, result in
      if case .failure(let error) = result { return engine.giveUp(plan, error) }
      engine.slotFiles.insert(plan.slot)
      engine.writeHeader(plan)
    }
  }

  private mutating func writeHeader(_ plan: Preparation) {
    submit(
      .write(
        .slot(plan.slot),
        offset: 0,
        byteCount: SegmentHeader.byteCount,
        from: plan.buffer,
        bufferOffset: 0,
        flushed: false
      )
    ) { engine, result in
      if case .failure(let error) = result { return engine.giveUp(plan, error) }
      engine.submit(.flush(.slot(plan.slot))) { engine, result in
        if case .failure(let error) = result { return engine.giveUp(plan, error) }
        engine.flushName(plan)
      }
    }
  }

  /// A new file's name is flushed too, before anything in the file counts.
  private mutating func flushName(_ plan: Preparation) {
    guard plan.isNew, !breakages.contains(.skipDirectoryFlush) else { return finish(plan) }
    submit(.flushDirectory(of: .slot(plan.slot))) { engine, result in
      if case .failure(let error) = result { return engine.giveUp(plan, error) }
      engine.finish(plan)
    }
  }

  private mutating func finish(_ plan: Preparation) {
    slotOfSegment[plan.header.segmentID] = plan.slot
    slots[plan.slot].live = LiveBytes()
    var segment = Segment(
      id: plan.header.segmentID,
      lane: plan.lane,
      identity: identity(of: plan.header)
    )
    segment.freedCountWhenWritten = reclaim.counters.freedSegmentCount
    slots[plan.slot].segment = segment
    lanes[plan.lane].isPreparing = false
    lanes[plan.lane].hasFailedPreparing = false
    lanes[plan.lane].spare = plan.slot
  }

  private mutating func giveUp(_ plan: Preparation, _ error: DiskError) {
    let isNew = plan.isNew
    let wasMade = slotFiles.contains(plan.slot)
    lanes[plan.lane].isPreparing = false
    if isNew {
      slots[plan.slot].state = .malformed
      slots[plan.slot].hasLeftover = true
      slotFiles.remove(plan.slot)
    } else {
      slots[plan.slot].state = .lost
    }
    log(.alarm, "Slot \(plan.slot) cannot be prepared: \(DiskFailure(error).message).")
    if isNew, !wasMade, error.isLackOfSpace {
      slots.ranOutOfSpace()
      // Who may take from the reserve does so now; the others are refused or wait for reclaim.
      if lanes[plan.lane].active == nil, lanes[plan.lane].hasWork { prepareSegment(for: plan.lane) }
      return
    }
    guard lanes[plan.lane].hasFailedPreparing || error.isRefusalToWrite else {
      lanes[plan.lane].hasFailedPreparing = true
      return
    }
    stopWriting("no slot can be prepared: \(DiskFailure(error).message)")
  }

  func identity(of header: SegmentHeader) -> SegmentIdentity {
    SegmentIdentity(segmentID: header.segmentID, marker: header.marker, checksum: checksum)
  }
}

/// A segment on its way into a slot.
private struct Preparation {
  let slot: UInt32
  let lane: Lane
  let header: SegmentHeader
  let buffer: DiskBuffer
  /// Whether the slot's file is still to be made.
  let isNew: Bool
}

extension DiskFailure {
  /// ENOSPC, EDQUOT, EFBIG: there is no room, which is an ordinary refusal.
  var isLackOfSpace: Bool { code.map { [28, 122, 27].contains($0) } ?? false }
}

/// What the numbers of errno(3) mean for whether to go on.
extension DiskError {
  /// There is no room, which is an ordinary refusal.
  var isLackOfSpace: Bool { DiskFailure(self).isLackOfSpace }

  /// EROFS: the file system takes no writes at all.
  var isRefusalToWrite: Bool {
    if case .system(_, let code) = self { code == 30 } else { false }
  }
}
