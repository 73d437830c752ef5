import Bytes

/// After an open the extents of large blobs are counted in the background, since only their lists
/// say where they are. Until that is over no slot is used again.
extension Engine {
  mutating func countExtents() {
    for _ in 0..<4 { countNextList() }
  }

  private mutating func countNextList() {
    guard let place = uncounted.first(where: { !beingCounted.contains($0) }) else { return }
    beingCounted.insert(place)
    fetchList(place) { engine, list in
      engine.beingCounted.remove(place)
      if engine.uncounted.remove(place) != nil {
        for extent in list.extents { engine.addExtent(extent) }
        if let key = list.key {
          engine.extentOwners.add(key, of: list.extents)
          if engine.deletedPlace(of: key) != nil { engine.recountDeleted(key) }
        } else {
          engine.unreadableLists.insert(place)
        }
      }
      if engine.uncounted.isEmpty { engine.reclaim.mayHaveDeadSlots = true }
      engine.countNextList()
    }
  }

  /// Reads a list of extents whose key is not known.
  private mutating func fetchList(
    _ place: IndexPlace,
    then: @escaping (inout Engine, CountedList) -> Void
  ) {
    guard slots.contains(place.slot), slots[place.slot].segment != nil else {
      return then(&self, CountedList())
    }
    fetch(FetchPlace(place), named: .anyList, .head) { engine, outcome in
      guard case .found(let fetched) = outcome else {
        // The extents of a list that cannot be read must not be used for anything else.
        engine.log(
          .alarm,
          "A list of extents in slot \(place.slot) is damaged; no slot with extents is used again."
        )
        return then(&engine, CountedList())
      }
      let record = fetched.record
      then(&engine, CountedList(key: record.head.key, extents: record.items.extents))
    }
  }
}

/// What a list says; nothing, when it cannot be read.
private struct CountedList {
  var key: SHA256Digest?
  var extents: [ExtentReference] = []
}
