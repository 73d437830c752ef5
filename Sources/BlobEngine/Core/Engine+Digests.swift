import Bytes
import Disk

/// Digests for a blob that is there: its record is written anew, with them among its items.
///
/// So digests are where the blob is, and nowhere else: one read finds them, the index has nothing
/// more to remember, reclaim moves and a tombstone buries them with the blob, and a scrub verifies
/// them with the record's head. The price is paid once for each blob that is asked for digests it
/// was not stored with: a record of at most 1 MiB, or the list of a larger blob's extents.
///
/// The new record has a sequence of its own, which is later than that of the old one: whichever of
/// the two a crash leaves readable is the blob. As after a touch, collectors leave the blob alone
/// for a while.
extension Engine {
  /// Answers puts of a blob that is there: with a touch, or with the digests that it lacks.
  mutating func welcome(_ group: ChangeGroup, _ fetched: FetchedRecord, _ place: IndexPlace) {
    let record = fetched.record
    let richest = group.changes.map { digests(of: $0) }.max {
      $0.kinds.rawValue.nonzeroBitCount < $1.kinds.rawValue.nonzeroBitCount
    }
    let info = BlobInfo(record)
    guard let richest, richest.addTo(record.items), hasRoom(for: Int(record.head.storedByteCount))
    else { return touch(group, info) }
    rewrite(group, fetched, place, with: richest)
  }

  /// Adds digests that were made of a blob after it was stored.
  mutating func enrich(_ group: ChangeGroup, _ digests: PreparedDigests) {
    let key = group.key
    find(key, .logical(nil)) { engine, finding in
      switch finding {
      case .absent: engine.end(group, .success(.absent))
      case .damaged(let damage, _): engine.end(group, .failure(.damaged(key: key, damage)))
      case .found(let fetched, let place): engine.enrich(group, fetched, place, with: digests)
      }
    }
  }

  private mutating func enrich(
    _ group: ChangeGroup,
    _ fetched: FetchedRecord,
    _ place: IndexPlace,
    with digests: PreparedDigests
  ) {
    let record = fetched.record
    if let damage = damaged[group.key] {
      return end(group, .failure(.damaged(key: group.key, damage)))
    }
    guard digests.addTo(record.items) else {
      return end(group, .success(.stored(BlobInfo(record))))
    }
    guard hasRoom(for: Int(record.head.storedByteCount)) else {
      return end(group, .failure(.storageFull))
    }
    rewrite(group, fetched, place, with: digests)
  }

  private func digests(of change: KeyChange) -> PreparedDigests {
    switch change {
    case .put(_, let blob, _): blob.digests
    case .name(_, let upload, _): uploads[upload]?.finishing?.name.digests ?? PreparedDigests()
    case .enrich(_, let digests): digests
    case .delete, .undelete, .relocate: PreparedDigests()
    }
  }

  mutating func rewrite(
    _ group: ChangeGroup,
    _ fetched: FetchedRecord,
    _ place: IndexPlace,
    with digests: PreparedDigests
  ) {
    let old = fetched.record
    var items = old.items
    digests.store(in: &items)
    var head = old.head
    head.flags.subtract([.relocated, .deleted])
    if group.changes.contains(where: { $0.durability == .flushed }) { head.flags.remove(.relaxed) }
    let tail = items.encode()
    let reply = EngineReply.stored(BlobInfo(old))
    // A put that is answered without a trace would leave the blob to collectors.
    guard place.isDeleted || tail.count <= limits.extensionByteCount else {
      return touch(group, BlobInfo(old))
    }
    lanes[.ingest].queue.append(
      QueuedRecord(
        head: head,
        tail: tail,
        payload: old.hasStoredBytes ? fetched.buffer.bytes(in: old.payload)[...] : [],
        written: { engine, _ in engine.answer(group, .success(reply)) },
        withdrawn: { engine in engine.restart(group.changes, of: group.key) },
        ended: { engine, result in
          if case .success(let new) = result { engine.publish(head, at: new, insteadOf: place) }
          engine.end(group, result.map { _ in reply })
        }
      )
    )
  }

  /// The record is durable: from now on it is found in the place of the old one, and names the same
  /// extents.
  private mutating func publish(
    _ head: RecordHead,
    at new: RecordPlace,
    insteadOf old: IndexPlace
  ) {
    var flags = old.flags
    if !head.flags.contains(.relaxed) { flags.remove(.relaxed) }
    let place = IndexPlace(
      slot: new.slot,
      offset: UInt64(new.offset),
      recordByteCount: UInt64(new.byteCount),
      kind: old.kind,
      flags: flags
    )
    let isMoved = moveRecord(of: head.key, from: old, to: place)
    precondition(isMoved, "nothing else changes a key meanwhile")
    // Extents that are still to be counted are counted from the new list.
    if uncounted.remove(old.deleted(false)) != nil { uncounted.insert(place) }
  }
}
