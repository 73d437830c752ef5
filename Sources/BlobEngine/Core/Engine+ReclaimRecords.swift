import Bytes
import Disk

/// The copying of blobs and of lists of extents, a window of the segment at a time.
extension Engine {
  /// A part of a victim, and the live records in it.
  struct ReclaimWindow {
    var range: Range<Int>
    var records: [(entry: FooterEntry, place: IndexPlace)]
  }

  /// Returns the next live records of a victim that can be read together, or nil at its end.
  func nextWindow(of run: ReclaimRun) -> ReclaimWindow? {
    var window: ReclaimWindow?
    while run.next < run.records.count {
      let entry = run.records[run.next]
      let range = Int(entry.offset)..<(Int(entry.offset) + Int(entry.recordByteCount))
      guard let place = livePlace(of: entry, in: run.slot) else {
        run.next += 1
        continue
      }
      guard var sofar = window else {
        window = ReclaimWindow(range: range, records: [(entry, place)])
        run.next += 1
        continue
      }
      guard range.upperBound - sofar.range.lowerBound <= limits.reclaimStepByteCount else { break }
      sofar.range = sofar.range.lowerBound..<range.upperBound
      sofar.records.append((entry, place))
      window = sofar
      run.next += 1
    }
    return window
  }

  /// Where the index leads for a listed record; nil when it leads elsewhere or nowhere.
  private func livePlace(of entry: FooterEntry, in slot: UInt32) -> IndexPlace? {
    index.candidates(for: indexKey(entry.key)).first { place in
      place.slot == slot && place.offset == entry.offset
    }
  }

  /// Reads a window and gathers what verifies; what does not is read alone.
  mutating func copy(_ window: ReclaimWindow, of run: ReclaimRun) {
    let page = StoreFormat.pageByteCount
    let start = window.range.lowerBound / page * page
    let end = min(StoreFormat.roundUp(window.range.upperBound, to: page), limits.segmentByteCount)
    let buffer = makeBuffer(end - start)
    let operation = DiskOperation.read(
      .slot(run.slot),
      offset: UInt64(start),
      byteCount: end - start,
      into: buffer,
      bufferOffset: 0,
      .cachedOnce
    )
    submit(operation) { engine, result in
      var doubtful = window.records
      if case .success = result {
        doubtful = window.records.filter { entry, place in
          let record = engine.verified(entry, in: buffer, from: start, of: run)
          if let record { engine.gather(record, entry, place, run) }
          return record == nil
        }
      }
      engine.copyAlone(doubtful[...], of: run)
    }
  }

  private func verified(
    _ entry: FooterEntry,
    in buffer: DiskBuffer,
    from start: Int,
    of run: ReclaimRun
  ) -> FetchedRecord? {
    let place = FetchPlace(
      slot: run.slot,
      offset: Int(entry.offset),
      byteCountBound: Int(entry.recordByteCount)
    )
    let fetch = Fetch(place: place, name: .entry(entry.key), extent: .logical(nil), buffer: buffer)
    let result = fetch.verified(
      at: place.offset - start,
      readable: buffer.byteCount,
      by: Verifier(checksum: checksum, isTrusting: false)
    )
    guard case .success(.found(let record)) = result,
      record.record.head.sequence == entry.sequence
    else { return nil }
    return record
  }

  /// Reads records one by one, each again around the page cache when it does not verify.
  private mutating func copyAlone(
    _ records: ArraySlice<(entry: FooterEntry, place: IndexPlace)>,
    of run: ReclaimRun
  ) {
    guard let (entry, place) = records.first else { return stepped(run) }
    fetch(FetchPlace(place), named: .entry(entry.key), .logical(nil), fromDisk: true) {
      engine,
      outcome in
      switch outcome {
      case .found(let record): engine.gather(record, entry, place, run)
      case .damaged(let damage): engine.leave(entry, place, damage)
      case .other:
        engine.leave(entry, place, BlobDamage(.head, slot: run.slot, offset: entry.offset))
      }
      engine.copyAlone(records.dropFirst(), of: run)
    }
  }

  /// A damaged record stays where it is, and so does its segment, until somebody repairs or deletes
  /// the blob.
  private mutating func leave(_ entry: FooterEntry, _ place: IndexPlace, _ damage: BlobDamage) {
    reclaim.counters.damagedRecordCount += 1
    guard index.candidates(for: indexKey(entry.key)).contains(place) else { return }
    noteDamage(damage, to: entry.key)
  }

  private mutating func gather(
    _ fetched: FetchedRecord,
    _ entry: FooterEntry,
    _ place: IndexPlace,
    _ run: ReclaimRun
  ) {
    guard !mayCompressAgain(fetched.record) else {
      return run.compressible.append((fetched, place))
    }
    append(RelocatedRecord(fetched), of: entry.key, place, run)
  }

  private func append(
    _ record: RelocatedRecord,
    of key: SHA256Digest,
    _ place: IndexPlace,
    _ run: ReclaimRun
  ) {
    let copy = ReclaimCopy(record: record) { engine, new, then in
      engine.readBack(record, at: new) { engine, isThere in
        guard isThere else { return then(&engine) }
        engine.switchPlace(of: key, from: place, to: new, then: then)
      }
    }
    run.append(copy)
  }

  /// Compresses what a window has of compressed blobs, in one go elsewhere.
  mutating func compressAgain(_ run: ReclaimRun) {
    let records = run.compressible
    run.compressible = []
    compressAgain(records.map(\.record)) { engine, copies in
      for (copy, (record, place)) in zip(copies, records) {
        engine.append(copy, of: record.record.head.key, place, run)
      }
      engine.stepped(run)
    }
  }

  /// Lets the index lead to a copy, when no change of the key is under way: whoever deletes or
  /// replaces the blob knows where it was when he began.
  ///
  /// The run does not wait for such a change, which may itself wait for the slot that the run is to
  /// free. The copy's slot stays as it is until then.
  private mutating func switchPlace(
    of key: SHA256Digest,
    from old: IndexPlace,
    to new: RecordPlace,
    then: @escaping (inout Engine) -> Void
  ) {
    let isBusy = gates.isBusy(key)
    slots[new.slot].readerCount += 1
    relocate(key) { engine, group in
      engine.slots[new.slot].readerCount -= 1
      // It may have been deleted since, or have come back.
      let now = engine.index.candidates(for: engine.indexKey(key)).first {
        $0.isSameRecord(as: old)
      }
      let old = now ?? old
      let place = IndexPlace(
        slot: new.slot,
        offset: UInt64(new.offset),
        recordByteCount: UInt64(new.byteCount),
        kind: old.kind,
        flags: old.flags
      ).deleted(old.isDeleted)
      if !engine.moveRecord(of: key, from: old, to: place),
        engine.breakages.contains(.switchBlindly), old.kind != .blobOf
      {
        engine.addRecord(of: key, at: place)
      }
      engine.endRelocation(group)
      if !isBusy { then(&engine) }
    }
    if isBusy { then(&self) }
  }

  // MARK: Relocations

  /// Has `move` done once no other change of the key is under way; it ends with
  /// ``endRelocation(_:)``.
  mutating func relocate(
    _ key: SHA256Digest,
    _ move: @escaping (inout Engine, ChangeGroup) -> Void
  ) {
    reclaim.relocationCount += 1
    change(key, .relocate(move))
  }

  mutating func endRelocation(_ group: ChangeGroup) {
    reclaim.relocationCount -= 1
    end(group, .success(.cancelled))
  }
}
