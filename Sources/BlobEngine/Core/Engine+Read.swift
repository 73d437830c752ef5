import Bytes
import Disk

/// Reads of blobs: one piece for a small one, a reader for the rest of a large one.
extension Engine {
  mutating func read(_ key: SHA256Digest, _ range: Range<UInt64>?, for request: RequestID) {
    find(key, .logical(range)) { engine, finding in
      switch finding {
      case .absent: engine.reply(request, .absent)
      case .damaged(let damage, _):
        engine.noteDamage(damage, to: key)
        engine.reply(request, failure: .damaged(key: key, damage))
      case .found(let fetched, let place) where engine.isOutdated(fetched, place, range):
        engine.read(key, range, for: request)
      case .found(let fetched, _): engine.deliver(fetched, range, to: request)
      }
    }
  }

  mutating func stat(_ key: SHA256Digest, for request: RequestID) {
    find(key, .head) { engine, finding in
      switch finding {
      case .absent: engine.reply(request, .absent)
      case .damaged(let damage, _): engine.reply(request, failure: .damaged(key: key, damage))
      case .found(let fetched, _):
        let record = fetched.record
        engine.reply(request, .description(BlobInfo(record), PreparedDigests(record.items)))
      }
    }
  }

  /// Whether a list of extents was written anew while it was read, and what it names is gone; or a
  /// recipe has gone, with whose chunks anything may have happened.
  private func isOutdated(
    _ fetched: FetchedRecord,
    _ place: IndexPlace,
    _ range: Range<UInt64>?
  ) -> Bool {
    let record = fetched.record
    guard record.head.type != .recipe else {
      return !index.candidates(for: indexKey(record.head.key)).contains(place)
    }
    guard record.head.type == .blobOf else { return false }
    let list = ExtentList(record.items.extents)
    let isWhole = list.numbers(in: record.clamped(range)).allSatisfy { number in
      slotOfSegment[list[number].segmentID] != nil
    }
    return !isWhole && !index.candidates(for: indexKey(record.head.key)).contains(place)
  }

  private mutating func deliver(
    _ fetched: FetchedRecord,
    _ range: Range<UInt64>?,
    to request: RequestID
  ) {
    let record = fetched.record
    let info = BlobInfo(record)
    let wanted = record.clamped(range)
    if record.head.type == .recipe { return deliverRecipe(fetched, range, to: request) }
    guard record.head.type == .blobOf else {
      let piece = StoredPiece(fetched, wanted, base: 0, of: .blob, info: info, reader: nil)
      return reply(request, .piece(piece))
    }
    var reader = Reader(info: info, range: wanted, list: ExtentList(record.items.extents))
    reader.seal = SealedList(record)
    reader.slots = pin(reader.list, in: wanted)
    read(by: reader, for: request)
  }

  /// Keeps the slots of a list from being used for others, and returns them.
  private mutating func pin(_ list: ExtentList, in range: Range<UInt64>) -> Set<UInt32> {
    var pinned: Set<UInt32> = []
    for number in list.numbers(in: range) {
      guard let slot = slotOfSegment[list[number].segmentID] else { continue }
      if pinned.insert(slot).inserted { slots[slot].readerCount += 1 }
    }
    return pinned
  }

  mutating func readOn(_ id: ReaderID, for request: RequestID) {
    guard let reader = readers[id] else { return reply(request, failure: .closed) }
    switch reader.ahead {
    case .none:
      readers[id]?.waiting = request
      fetchNext(id)
    case .underWay:
      readers[id]?.waiting = request
    case .ready(let outcome):
      readers[id]?.ahead = .none
      hand(outcome, of: id, to: request)
    }
  }

  mutating func endRead(_ id: ReaderID) {
    guard let reader = readers.removeValue(forKey: id) else { return }
    for slot in reader.slots { slots[slot].readerCount -= 1 }
    reclaim.mayHaveDeadSlots = true
  }

  /// Starts the fetch of the extent that the reader's next byte lies in.
  private mutating func fetchNext(_ id: ReaderID) {
    guard let reader = readers[id] else { return }
    if let recipe = reader.recipe, !reader.isAtEnd {
      readers[id]?.ahead = .underWay
      return fetchWindow(of: recipe, reader.position..<reader.range.upperBound) { engine, outcome in
        engine.took(outcome, of: id)
      }
    }
    guard !reader.isAtEnd, let number = reader.list.number(of: reader.position) else {
      return took(.empty, of: id)
    }
    readers[id]?.ahead = .underWay
    let extent = reader.list[number]
    let base = reader.list.start(of: number)
    let range = (reader.range.clamped(to: base..<(base + extent.logicalByteCount)))
    let local = (range.lowerBound - base)..<(range.upperBound - base)
    fetchExtent(extent, local) { engine, outcome in
      engine.took(ReadAhead(outcome, local: local, base: base), of: id)
    }
  }

  /// Fetches a part of an extent, wherever its segment is now.
  mutating func fetchExtent(
    _ extent: ExtentReference,
    _ range: Range<UInt64>,
    then: @escaping (inout Engine, FetchOutcome) -> Void
  ) {
    guard let slot = slotOfSegment[extent.segmentID] else {
      return then(&self, .damaged(BlobDamage(.extent, slot: .max, offset: extent.offset)))
    }
    let place = FetchPlace(
      slot: slot,
      offset: Int(extent.offset),
      byteCountBound: Int(extent.recordByteCount)
    )
    fetch(place, named: .sequence(extent.sequence), .logical(range), then: then)
  }

  private mutating func took(_ outcome: ReadAhead, of id: ReaderID) {
    guard let reader = readers[id] else { return }
    readers[id]?.position = outcome.end ?? reader.position
    guard let request = reader.waiting else {
      readers[id]?.ahead = .ready(outcome)
      return
    }
    readers[id]?.waiting = nil
    readers[id]?.ahead = .none
    hand(outcome, of: id, to: request)
  }

  private mutating func hand(_ outcome: ReadAhead, of id: ReaderID, to request: RequestID) {
    guard let reader = readers[id] else { return reply(request, failure: .closed) }
    switch outcome {
    case .empty:
      endRead(id)
      reply(request, .piece(StoredPiece(emptyAt: reader.range.upperBound, info: reader.info)))
    case .piece(let fetched, let local, let base):
      let isLast = reader.isAtEnd
      let piece = StoredPiece(
        fetched,
        local,
        base: base,
        of: .list(reader.seal, ordinal: reader.list.number(of: base) ?? 0),
        info: reader.info,
        reader: isLast ? nil : id
      )
      reply(request, .piece(piece))
      if isLast { endRead(id) }
    case .gathered(let bytes, let range, let place):
      let isLast = reader.isAtEnd
      let next = isLast ? nil : id
      let piece = StoredPiece(of: bytes, range, at: place, info: reader.info, reader: next)
      reply(request, .piece(piece))
      if isLast { endRead(id) }
    case .damaged(let damage):
      endRead(id)
      if !reader.isOfDraft { noteDamage(damage, to: reader.info.key) }
      reply(request, failure: .damaged(key: reader.info.key, damage))
    }
  }
}
