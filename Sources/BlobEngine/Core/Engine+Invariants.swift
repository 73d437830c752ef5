/// The check that walks everything; for tests, and for a check on request.
extension Engine {
  /// Checks what must always hold between turns.
  ///
  /// - Complexity: O(*n*) of blobs and slots.
  package func checkInvariants() {
    index.checkInvariants()
    checkSlots()
    checkLanes()
    checkLiveBytes()
    precondition(bufferedByteCount >= 0, "bytes that leave were counted")
  }

  private func checkSlots() {
    for number in slots.numbers {
      let slot = slots[number]
      precondition(slot.readerCount >= 0, "readers leave once")
      if slot.state == .free || slot.state == .missing || slot.state == .malformed {
        precondition(slot.segment == nil, "a free slot holds no segment")
        precondition(slot.live.isEmpty, "and nothing alive")
      }
      guard let segment = slot.segment else { continue }
      precondition(slotOfSegment[segment.id] == number, "a segment is in one slot")
      precondition(segment.end <= limits.segmentByteCount, "batches end in the segment")
      precondition(
        segment.entries.allSatisfy { $0.offset < UInt64(segment.end) }
          || !segment.damagedRanges.isEmpty,
        "records lie before the end"
      )
    }
  }

  private func checkLanes() {
    var owned: Set<UInt32> = []
    for lane in Lane.allCases {
      for slot in [lanes[lane].active, lanes[lane].spare].compactMap({ $0 }) {
        precondition(owned.insert(slot).inserted, "a slot belongs to one lane")
      }
      if let active = lanes[lane].active {
        precondition(slots[active].state == .open, "a lane appends to an open slot")
      }
      if let spare = lanes[lane].spare {
        precondition(slots[spare].state == .claimed, "a spare slot is claimed")
      }
    }
  }

  private func checkLiveBytes() {
    guard mode == .running || mode.isOpen else { return }
    let counted = recountedRecords()
    for number in slots.numbers {
      let fresh = counted[number] ?? LiveBytes()
      precondition(
        fresh.hasSameRecords(as: slots[number].live),
        "live bytes equal a recount of the index"
      )
    }
  }

  /// The bytes of live records and extents in each slot, for tests and metrics.
  package var liveByteCounts: [UInt32: UInt64] {
    var counts: [UInt32: UInt64] = [:]
    for number in slots.numbers where !slots[number].live.isEmpty {
      counts[number] = slots[number].live.recordByteCount + slots[number].live.extentByteCount
    }
    return counts
  }

  /// The blobs in the index that are there.
  package var blobCount: Int { index.count - sharing.chunkCount - delayed.blobCount }

  /// The bytes that the index takes in memory.
  package var indexByteCount: Int { index.byteCount }
}
