import Disk

/// Asking a file system that was full whether it has room again.
///
/// With a slot that nobody waits for, so that no caller's bytes are taken to find out. The slots
/// that are made so are the reserve's first; bytes are taken again once that is whole.
extension Engine {
  mutating func probeForSpace() {
    guard slots.isOutOfSpace, !isProbing, let number = slots.claimNew() else { return }
    isProbing = true
    make(number) { engine, failure in
      engine.isProbing = false
      if failure == nil {
        engine.slots.foundSpace()
        if !engine.slots.isOutOfSpace { engine.log(.notice, "The file system has room again.") }
        engine.probeForSpace()
      }
      engine.lanes.stopWaiting()
      engine.reclaim.isWorthALook = true
    }
  }

  /// Makes the file of a slot that was claimed, which is free then.
  mutating func make(_ number: UInt32, then: @escaping (inout Engine, DiskFailure?) -> Void) {
    guard !slots[number].hasLeftover else {
      // What is left of an earlier try is in the way, if anything is.
      slots[number].hasLeftover = false
      return submit(.remove(.slot(number))) { engine, _ in engine.make(number, then: then) }
    }
    let file = StoreFile.slot(number)
    let operations: [DiskOperation] = [
      .create(file, byteCount: superblock.segmentByteCount), .flush(file),
      .flushDirectory(of: file),
    ]
    inTurn(operations) { engine, failure in
      engine.slots[number].hasLeftover = failure != nil
      engine.slots[number].state = failure == nil ? .free : .malformed
      if failure == nil { engine.slotFiles.insert(number) }
      then(&engine, failure)
    }
  }
}
