import Bytes
import Disk

/// The moving of extents, a blob at a time: copies first, then a new list that names them.
///
/// Nobody is kept waiting while extents are copied. The list is written under the key's gate and
/// with a sequence of its own, so that a replay takes it for what it is: the blob's newest record.
/// It goes through the cold lane, which waits for nobody; the lane of other changes may wait for
/// reclaim. What the old list names stays until a checkpoint knows the new one.
extension Engine {
  /// Copies what a blob has in the victim, and writes its list anew.
  mutating func moveExtents(of key: SHA256Digest, _ run: ReclaimRun) {
    find(key, .head, among: .either) { engine, finding in
      guard case .found(let fetched, let place) = finding else {
        if case .damaged(let damage, _) = finding { engine.noteDamage(damage, to: key) }
        return engine.stepped(run)
      }
      // A list with the bit that is needed comes after the feature that announces it.
      guard !place.isDeleted || engine.superblock.features.contains(.delayedDeletes) else {
        return engine.stepped(run)
      }
      let move = ExtentMove(key: key, run: run)
      let mine = fetched.record.items.extents.filter { $0.segmentID == run.segmentID }
      engine.copyExtents(mine[...], move)
    }
  }

  /// Copies extents one after the other: one is in memory at a time.
  private mutating func copyExtents(_ extents: ArraySlice<ExtentReference>, _ move: ExtentMove) {
    guard let extent = extents.first else { return writeList(move) }
    fetchExtent(extent, 0..<extent.logicalByteCount) { engine, outcome in
      guard case .found(let fetched) = outcome else {
        engine.leave(extent, outcome, move)
        return engine.copyExtents(extents.dropFirst(), move)
      }
      engine.compressAgain([fetched]) { engine, copies in
        engine.copy(copies[0], extent, move) { engine in
          guard move.run.failure == nil else {
            engine.drop(move)
            return engine.stepped(move.run)
          }
          engine.copyExtents(extents.dropFirst(), move)
        }
      }
    }
  }

  /// A damaged extent stays where it is, and so does its segment.
  private mutating func leave(
    _ extent: ExtentReference,
    _ outcome: FetchOutcome,
    _ move: ExtentMove
  ) {
    reclaim.counters.damagedRecordCount += 1
    guard case .damaged(let damage) = outcome else { return }
    noteDamage(damage, to: move.key)
  }

  private mutating func copy(
    _ copy: RelocatedRecord,
    _ extent: ExtentReference,
    _ move: ExtentMove,
    then: @escaping (inout Engine) -> Void
  ) {
    let record = QueuedRecord(
      head: copy.head,
      tail: copy.tail,
      payload: copy.payload[...],
      ended: { engine, result in
        switch result {
        case .success(let place):
          engine.readBack(copy, at: place) { engine, isThere in
            if isThere { engine.took(place, of: extent, move) }
            then(&engine)
          }
        case .failure(let error):
          move.run.failure = move.run.failure ?? error
          then(&engine)
        }
      }
    )
    lanes[.cold].queue.append(record)
  }

  private mutating func took(_ place: RecordPlace, of old: ExtentReference, _ move: ExtentMove) {
    var new = old
    new.segmentID = slots[place.slot].segment?.id ?? 0
    new.offset = UInt64(place.offset)
    new.recordByteCount = UInt64(place.byteCount)
    addExtent(new)
    move.copies[old] = new
    reclaim.counters.movedRecordCount += 1
    reclaim.counters.movedByteCount += UInt64(place.byteCount)
  }

  /// The copies are of no use.
  private mutating func drop(_ move: ExtentMove) {
    forgetExtents(Array(move.copies.values))
  }

  // MARK: The list

  private mutating func writeList(_ move: ExtentMove) {
    if !move.copies.isEmpty {
      relocate(move.key) { engine, group in engine.rewriteList(move, group) }
    }
    stepped(move.run)
  }

  /// Writes the list as it is now, with the copies in the place of what they are copies of.
  private mutating func rewriteList(_ move: ExtentMove, _ group: ChangeGroup) {
    find(move.key, .head, among: .either) { engine, finding in
      guard engine.mode.refusal == nil, case .found(let fetched, let place) = finding,
        fetched.record.items.extents.contains(where: { move.copies[$0] != nil })
      else {
        engine.endRelocation(group)
        return engine.drop(move)
      }
      engine.append(fetched.record, at: place, move, group)
    }
  }

  private mutating func append(
    _ old: Record,
    at place: IndexPlace,
    _ move: ExtentMove,
    _ group: ChangeGroup
  ) {
    var items = old.items
    items.extents = items.extents.map { move.copies[$0] ?? $0 }
    var head = old.head
    head.flags.subtract([.relocated, .deleted])
    // It is later than the tombstone, and must not bring the blob back.
    if place.isDeleted, !breakages.contains(.reviveMovedList) { head.flags.insert(.deleted) }
    let record = QueuedRecord(
      head: head,
      tail: items.encode(),
      ended: { engine, result in
        switch result {
        case .success(let new): engine.publish(old, at: place, move, items.extents, new)
        case .failure: engine.drop(move)
        }
        engine.endRelocation(group)
      }
    )
    lanes[.cold].queue.append(record)
  }

  private mutating func publish(
    _ old: Record,
    at place: IndexPlace,
    _ move: ExtentMove,
    _ extents: [ExtentReference],
    _ new: RecordPlace
  ) {
    let key = move.key
    let newPlace = IndexPlace(
      slot: new.slot,
      offset: UInt64(new.offset),
      recordByteCount: UInt64(new.byteCount),
      kind: place.kind,
      flags: place.flags
    ).deleted(place.isDeleted)
    guard moveRecord(of: key, from: place, to: newPlace) else {
      return forgetExtents(Array(move.copies.values))
    }
    let named = Set(old.items.extents)
    extentOwners.add(key, of: extents.filter { !named.contains($0) })
    forgetExtents(old.items.extents.filter { move.copies[$0] != nil }, of: key)
    forgetExtents(move.copies.filter { !named.contains($0.key) }.map(\.value))
    if newPlace.isDeleted { recountDeleted(key) }
  }
}

/// The extents of one blob on their way out of a victim.
final class ExtentMove {
  let key: SHA256Digest
  let run: ReclaimRun
  /// What is durable elsewhere, by what it is a copy of.
  var copies: [ExtentReference: ExtentReference] = [:]

  init(key: SHA256Digest, run: ReclaimRun) {
    self.key = key
    self.run = run
  }
}
