import Disk

/// Asking a file system that was full whether it has room again.
///
/// With a slot that nobody waits for, so that no caller's bytes are taken to find out; and the
/// slot, when there is room for it, is one for the reserve.
extension Engine {
  mutating func probeForSpace() {
    guard slots.isOutOfSpace, !isProbing, !lanes.areWaiting, let number = slots.claimNew() else {
      return
    }
    isProbing = true
    guard slots[number].hasLeftover else { return probe(with: number) }
    // Whether a refused file was made in part is not known; making it anew tells.
    submit(.remove(.slot(number))) { engine, _ in engine.probe(with: number) }
  }

  private mutating func probe(with number: UInt32) {
    let file = StoreFile.slot(number)
    let operations: [DiskOperation] = [
      .create(file, byteCount: superblock.segmentByteCount), .flush(file),
      .flushDirectory(of: file),
    ]
    inTurn(operations) { engine, failure in
      engine.isProbing = false
      engine.slots[number].hasLeftover = failure != nil
      engine.slots[number].state = failure == nil ? .free : .malformed
      if failure == nil {
        engine.slotFiles.insert(number)
        engine.slots.foundSpace()
        engine.log(.notice, "The file system has room again.")
      }
      engine.lanes.stopWaiting()
      engine.reclaim.isWorthALook = true
    }
  }
}
