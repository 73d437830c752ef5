import Bytes

/// Listings and explanations: what the index leads to, by name.
extension Engine {
  /// Lists the blobs whose records are in the next slot that holds any, a slot a page.
  ///
  /// Reclaim may move a record from a slot that is still to be listed to one that was. So when
  /// the last slot is done, those are listed again to which something was moved meanwhile.
  mutating func list(after cursor: ListCursor?, for request: RequestID) {
    let cursor = cursor ?? ListCursor(nextSlot: 0, movedCount: recordMoveCount, movedAfter: nil)
    guard let slot = nextSlot(of: cursor) else {
      let next = recordMoveCount == cursor.movedCount ? nil : nextRound(after: cursor)
      return reply(request, .keys(KeyPage(keys: [], next: next)))
    }
    entries(of: slot) { engine, entries in
      let keys = entries.filter { entry in
        !entry.flags.contains(.chunk) && engine.leads(to: entry, in: slot, among: .present)
      }.map { entry in
        (key: entry.key, storedByteCount: UInt64(entry.recordByteCount))
      }
      let next = ListCursor(
        nextSlot: slot + 1,
        movedCount: cursor.movedCount,
        movedAfter: cursor.movedAfter
      )
      let isLast =
        engine.nextSlot(of: next) == nil && engine.recordMoveCount == cursor.movedCount
      engine.reply(request, .keys(KeyPage(keys: keys, next: isLast ? nil : next)))
    }
  }

  private func nextSlot(of cursor: ListCursor) -> UInt32? {
    slots.numbers.first { number in
      number >= cursor.nextSlot && slots[number].segment != nil
        && cursor.movedAfter.map { slots[number].movedInCount > $0 } ?? true
    }
  }

  /// Once more through the slots to which something was moved since the last round began.
  private func nextRound(after cursor: ListCursor) -> ListCursor {
    ListCursor(nextSlot: 0, movedCount: recordMoveCount, movedAfter: cursor.movedCount)
  }

  /// Returns what is listed of a slot: from memory, from its footer, or else from its batches.
  mutating func entries(
    of slot: UInt32,
    then: @escaping (inout Engine, [FooterEntry]) -> Void
  ) {
    guard let segment = slots[slot].segment else { return then(&self, []) }
    guard slots[slot].state == .sealed, let place = segment.footer else {
      return then(&self, segment.entries)
    }
    readFooter(place, of: slot) { engine, entries in
      if let entries { return then(&engine, entries) }
      engine.walk(slot) { engine, walk in then(&engine, walk?.segment.entries ?? []) }
    }
  }

  /// Goes through what is listed of a slot without a copy of it, which for 10^6 small blobs takes
  /// 70 MB; may begin again at the first entry when it meets damage.
  mutating func forEachEntry(
    of slot: UInt32,
    _ body: @escaping (inout Engine, FooterEntry) -> Void,
    then: @escaping (inout Engine) -> Void
  ) {
    guard slots[slot].state == .sealed, let place = slots[slot].segment?.footer else {
      for entry in slots[slot].segment?.entries ?? [] { body(&self, entry) }
      return then(&self)
    }
    scanFooter(place, of: slot, body) { engine, isWhole in
      if isWhole { return then(&engine) }
      engine.walk(slot) { engine, walk in
        for entry in walk?.segment.entries ?? [] { body(&engine, entry) }
        then(&engine)
      }
    }
  }

  /// Whether the index leads to a listed record.
  func leads(
    to entry: FooterEntry,
    in slot: UInt32,
    among existence: Existence = .either
  ) -> Bool {
    guard entry.type.isOfBlob else { return false }
    return index.candidates(for: indexKey(entry.key)).contains { place in
      place.slot == slot && place.offset == entry.offset && existence.admits(place)
    }
  }

  mutating func explain(_ key: SHA256Digest, for request: RequestID) {
    var lines = index.candidates(for: indexKey(key)).map { place in
      "The index leads to slot \(place.slot), offset \(place.offset), \(place.kind), "
        + "at most \(place.readByteCount) bytes"
        + (place.isDeleted ? "; it is deleted, and kept until its delay is over." : ".")
    }
    if lines.isEmpty { lines.append("The index has no entry with the key's fingerprint.") }
    if gates.isBusy(key) { lines.append("A change of it is under way.") }
    if unflushed[key] != nil { lines.append("It is written, and its flush is not over.") }
    if let damage = damaged[key] { lines.append("It was found to be damaged: \(damage).") }
    find(key, .logical(nil)) { engine, finding in
      switch finding {
      case .absent: lines.append("No record has the key: the blob is not here.")
      case .damaged(let damage, _): lines.append("The record cannot be read: \(damage).")
      case .found(let fetched, _): lines += engine.explanation(of: fetched)
      }
      var isPresent = false
      if case .found = finding { isPresent = true }
      engine.reply(request, .explained(Explanation(lines: lines, isPresent: isPresent)))
    }
  }

  private func explanation(of fetched: FetchedRecord) -> [String] {
    let head = fetched.record.head
    let slot = slots[fetched.place.slot]
    var lines = [
      "The record has sequence \(head.sequence), \(head.logicalByteCount) bytes stored in "
        + "\(head.storedByteCount), \(head.codec), and verifies.",
      "It lies in segment \(slot.segment?.id ?? 0), which is \(slot.state), "
        + "with \(slot.live.recordCount) live records.",
    ]
    if let seal = fetched.record.items.seal {
      lines.append("It is encrypted with data key \(seal.keyID); only its scope can read it.")
    }
    let digests = fetched.record.items.digestKinds.algorithms
    if !digests.isEmpty {
      lines.append("It has \(digests.map(\.name).joined(separator: ", ")) beside its key.")
    }
    if head.flags.contains(.relaxed) { lines.append("Its put did not wait for a flush.") }
    let extents = fetched.record.items.extents
    if !extents.isEmpty {
      let segments = Set(extents.map(\.segmentID)).sorted().map { "\($0)" }
      lines.append(
        "Its bytes are \(extents.count) extents in segments \(segments.joined(separator: ", "))."
      )
    }
    let runs = fetched.record.items.runs
    if !runs.isEmpty {
      lines.append(
        "It is put together from \(runs.count { $0.source != nil }) chunks, which other blobs may "
          + "share, and from \(head.storedByteCount) bytes of its own."
      )
    }
    return lines
  }
}
