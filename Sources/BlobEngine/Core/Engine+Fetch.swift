import Disk

/// Reading one record: from memory when its batch is recent, else with one read of the device.
///
/// What does not verify is read once more around the page cache before it counts as damaged.
extension Engine {
  /// Fetches the record at `place`, and verifies head, name and the blocks asked for.
  mutating func fetch(
    _ place: FetchPlace,
    named name: FetchName,
    _ extent: FetchExtent,
    fromDisk: Bool = false,
    then: @escaping (inout Engine, FetchOutcome) -> Void
  ) {
    if !fromDisk, let kept = recent.find(slot: place.slot, offset: place.offset) {
      let fetch = Fetch(place: place, name: name, extent: extent, buffer: kept.buffer)
      switch fetch.verified(at: kept.position, readable: kept.end, by: verifier(of: place.slot)) {
      case .success(let outcome): return then(&self, outcome)
      case .failure: break
      }
    }
    let count = pageCount(of: place) * StoreFormat.pageByteCount
    let fetch = Fetch(place: place, name: name, extent: extent, buffer: makeBuffer(count))
    slots[place.slot].readerCount += 1
    let isSealed = slots[place.slot].state == .sealed
    read(fetch, isSealed ? .cached : .direct) { engine, outcome in
      engine.slots[place.slot].readerCount -= 1
      if engine.slots[place.slot].live.isEmpty { engine.reclaim.mayHaveDeadSlots = true }
      then(&engine, outcome)
    }
  }

  /// The pages from the one that a record begins in to the last that it may reach into.
  private func pageCount(of place: FetchPlace) -> Int {
    let page = StoreFormat.pageByteCount
    let start = place.offset / page * page
    let end = min(place.offset + place.byteCountBound, limits.segmentByteCount)
    return max(1, (end - start + page - 1) / page)
  }

  private func verifier(of slot: UInt32) -> Verifier {
    Verifier(checksum: checksum, isTrusting: breakages.contains(.skipReadVerification))
  }

  private mutating func read(
    _ fetch: Fetch,
    _ mode: ReadMode,
    then: @escaping (inout Engine, FetchOutcome) -> Void
  ) {
    readPages(fetch.firstPages, of: fetch, mode) { engine, result in
      guard case .success = result else { return engine.retry(fetch, mode, .unreadable, then) }
      let verifier = engine.verifier(of: fetch.place.slot)
      switch fetch.next(verifier) {
      case .finished(let outcome): then(&engine, outcome)
      case .damaged(let kind): engine.retry(fetch, mode, kind, then)
      case .more(let pages):
        engine.readPages(pages, of: fetch, mode) { engine, result in
          guard case .success = result else { return engine.retry(fetch, mode, .unreadable, then) }
          switch fetch.verified(verifier) {
          case .success(let outcome): then(&engine, outcome)
          case .failure(let failure): engine.retry(fetch, mode, failure.kind, then)
          }
        }
      }
    }
  }

  private mutating func retry(
    _ fetch: Fetch,
    _ mode: ReadMode,
    _ kind: BlobDamage.Kind,
    _ then: @escaping (inout Engine, FetchOutcome) -> Void
  ) {
    guard fetch.mayTryAgain else {
      let place = fetch.place
      return then(&self, .damaged(BlobDamage(kind, slot: place.slot, offset: UInt64(place.offset))))
    }
    fetch.mayTryAgain = false
    read(fetch, .direct, then: then)
  }

  private mutating func readPages(
    _ pages: Range<Int>,
    of fetch: Fetch,
    _ mode: ReadMode,
    then: @escaping DiskContinuation
  ) {
    let page = StoreFormat.pageByteCount
    submit(
      .read(
        .slot(fetch.place.slot),
        offset: UInt64(fetch.start + pages.lowerBound * page),
        byteCount: pages.count * page,
        into: fetch.buffer,
        bufferOffset: pages.lowerBound * page,
        mode
      ),
      then: then
    )
  }
}
