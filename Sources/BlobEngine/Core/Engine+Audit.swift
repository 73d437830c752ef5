/// The engine's books, compared with themselves.
extension Engine {
  /// Recounts what is kept incrementally; one sentence for each contradiction, none when sound.
  ///
  /// Between turns only.
  ///
  /// - Complexity: O(*n*) in the number of blobs and slots.
  package func audit() -> [String] {
    guard mode.isOpen else { return [] }
    return auditRecords() + auditSlots() + auditLanes() + auditNumbers()
  }

  private func auditRecords() -> [String] {
    let counted = recountedRecords()
    var complaints: [String] = []
    for (number, _) in counted {
      guard !slots.contains(number) || slots[number].segment == nil else { continue }
      // What leads to a slot that cannot be read says so when it is asked for.
      if slots.contains(number), slots[number].state == .lost { continue }
      complaints.append("the index leads to slot \(number), which holds no segment")
    }
    complaints += auditExtents() + auditDeleted()
    for number in slots.numbers {
      if !(counted[number] ?? LiveBytes()).hasSameRecords(as: slots[number].live) {
        complaints.append("the live records of slot \(number) are not those of the index")
      }
    }
    return complaints
  }

  /// Extents are counted by slot and by owner, in places that do not share code.
  private func auditExtents() -> [String] {
    guard uncounted.isEmpty, unreadableLists.isEmpty, reclaim.run == nil, gates.isEmpty else {
      return []
    }
    var growing: [UInt64: UInt64] = [:]
    for extent in uploads.values.flatMap(\.stored) {
      growing[extent.segmentID, default: 0] += extent.recordByteCount
    }
    return slots.numbers.compactMap { number in
      guard let segment = slots[number].segment else { return nil }
      let owned = extentOwners.byteCount(in: segment.id) + (growing[segment.id] ?? 0)
      let counted = slots[number].live.extentByteCount
      return owned == counted
        ? nil : "slot \(number) has \(counted) live bytes of extents, and blobs own \(owned)"
    }
  }

  private func auditDeleted() -> [String] {
    var count = 0
    var byteCount = delayed.largeKeys.reduce(0) { $0 + extentOwners.byteCount(of: $1) }
    index.forEach { _, entry in
      guard entry.place.isDeleted else { return }
      count += 1
      byteCount += entry.place.readByteCount
    }
    guard count != delayed.blobCount || byteCount != delayed.byteCount else { return [] }
    return [
      "\(delayed.blobCount) deleted blobs with \(delayed.byteCount) bytes are counted, and "
        + "\(count) with \(byteCount) are there"
    ]
  }

  private func auditSlots() -> [String] {
    var complaints: [String] = []
    for number in slots.numbers {
      let slot = slots[number]
      if slot.state == .free, slot.segment != nil || !slot.live.isEmpty || slot.readerCount > 0 {
        complaints.append("slot \(number) is free and in use")
      }
      if let segment = slot.segment, slot.state != .claimed,
        slotOfSegment[segment.id] != number
      {
        complaints.append("segment \(segment.id) is not known to be in slot \(number)")
      }
      if index.count == 0, uploads.isEmpty, lanes.areIdle, !slot.live.isEmpty {
        complaints.append("slot \(number) has live bytes of no blob")
      }
      if slot.readerCount > 0, readers.isEmpty, continuations.isEmpty {
        complaints.append("slot \(number) is read by nobody known")
      }
    }
    return complaints
  }

  private func auditLanes() -> [String] {
    var complaints: [String] = []
    var owners: [UInt32: Lane] = [:]
    for lane in Lane.allCases {
      for (number, state) in [(lanes[lane].active, Slot.State.open), (lanes[lane].spare, .claimed)]
      {
        guard let number else { continue }
        if slots[number].state != state {
          complaints.append("slot \(number) of lane \(lane) is \(slots[number].state)")
        }
        if let other = owners.updateValue(lane, forKey: number) {
          complaints.append("slot \(number) belongs to lanes \(other) and \(lane)")
        }
      }
    }
    for number in slots.numbers where slots[number].state == .open && owners[number] == nil {
      complaints.append("slot \(number) is open and belongs to no lane")
    }
    return complaints
  }

  private func auditNumbers() -> [String] {
    var complaints: [String] = []
    for number in slots.numbers {
      guard let segment = slots[number].segment else { continue }
      if segment.lastSequence >= nextSequence {
        complaints.append("slot \(number) holds a later sequence than the next one")
      }
      if segment.id >= nextSegmentID {
        complaints.append("slot \(number) holds a later segment than the next one")
      }
    }
    return complaints
  }
}
