/// After an open the extents of large blobs are counted in the background, since only their lists
/// say where they are. Until that is over no slot is used again.
extension Engine {
  mutating func countExtents() {
    for _ in 0..<4 { countNextList() }
  }

  private mutating func countNextList() {
    guard let place = uncounted.first(where: { !beingCounted.contains($0) }) else { return }
    beingCounted.insert(place)
    fetchList(place) { engine, extents in
      engine.beingCounted.remove(place)
      if engine.uncounted.remove(place) != nil {
        for extent in extents { engine.addExtent(extent) }
      }
      engine.countNextList()
    }
  }

  /// Reads a list of extents whose key is not known.
  private mutating func fetchList(
    _ place: IndexPlace,
    then: @escaping (inout Engine, [ExtentReference]) -> Void
  ) {
    guard slots.contains(place.slot), slots[place.slot].segment != nil else {
      return then(&self, [])
    }
    fetch(FetchPlace(place), named: .anyList, .head) { engine, outcome in
      if case .found(let fetched) = outcome { return then(&engine, fetched.record.items.extents) }
      // The extents of a list that cannot be read must not be used for anything else.
      engine.log(.alarm, "A list of extents in slot \(place.slot) is damaged; no slot is reused.")
      engine.uncounted.insert(place)
      engine.beingCounted.insert(place)
    }
  }
}
