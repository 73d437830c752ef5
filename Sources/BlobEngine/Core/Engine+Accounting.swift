import Bytes

/// Which slots hold what is alive, counted as records come and go.
///
/// A record in the index counts with the bytes of its size class, which the index knows without
/// reading it, so that a recount from the index gives the same sums. An extent counts with its
/// exact length, from when it is durable until its upload or its blob goes.
extension Engine {
  /// A record is durable and new: the index leads to it.
  mutating func addRecord(of key: SHA256Digest, at place: IndexPlace) {
    let key = indexKey(key)
    index.insert(key, place)
    sharing.count(place, 1)
    checkpoints.markDirty(key.partition)
    slots[place.slot].live.add(record: place.readByteCount)
  }

  /// A blob is deleted, or a fresh copy takes its place.
  mutating func forgetRecord(
    of key: SHA256Digest,
    at place: IndexPlace,
    extents: [ExtentReference]
  ) {
    forgetRecord(indexKey(key), of: key, at: place, extents: extents)
  }

  /// As above, where only the index's name of the blob is known; `owner` is its key if it is a
  /// large one.
  mutating func forgetRecord(
    _ entry: IndexKey,
    of owner: SHA256Digest?,
    at place: IndexPlace,
    extents: [ExtentReference]
  ) {
    guard index.remove(entry, place) else { return }
    if place.isDeleted { removeDeleted(owner, at: place) }
    sharing.count(place, -1)
    checkpoints.markDirty(entry.partition)
    slots[place.slot].live.remove(record: place.readByteCount)
    noteDeath(of: place.readByteCount, in: place.slot)
    forgetPieces(of: owner, at: place, extents: extents)
  }

  /// What the record at `place` names is of use no more.
  mutating func forgetPieces(
    of key: SHA256Digest?,
    at place: IndexPlace,
    extents: [ExtentReference]
  ) {
    if place.kind == .recipe { sharing.recipeDied() }
    let list = place.deleted(false)
    guard unreadableLists.remove(list) == nil, uncounted.remove(list) == nil else { return }
    if place.kind == .blobOf, extents.isEmpty, let key { return forgetAllExtents(of: key) }
    forgetExtents(extents, of: key)
  }

  /// A record is elsewhere now; a deleted blob stays deleted if `new` says so.
  ///
  /// - Returns: false when the index leads to another one, or to none, since.
  mutating func moveRecord(
    of name: SHA256Digest,
    from old: IndexPlace,
    to new: IndexPlace
  ) -> Bool {
    let key = indexKey(name)
    guard index.replace(key, old, with: new) else { return false }
    if old.isDeleted { removeDeleted(name, at: old) }
    if new.isDeleted {
      addDeleted(name, at: new)
    } else if old.isDeleted {
      delayed.revive(name, at: nextSequence)
    }
    sharing.count(old, -1)
    sharing.count(new, 1)
    sharing.collection?.recipeMoved(key, to: new)
    checkpoints.markDirty(key.partition)
    recordMoveCount += 1
    slots[new.slot].movedInCount = recordMoveCount
    slots[new.slot].live.add(record: new.readByteCount)
    slots[old.slot].live.remove(record: old.readByteCount)
    noteDeath(of: old.readByteCount, in: old.slot)
    return true
  }

  mutating func addExtent(_ extent: ExtentReference) {
    guard let slot = slotOfSegment[extent.segmentID] else { return }
    slots[slot].live.add(extent: extent.recordByteCount)
  }

  /// Extents are of use no more: of a blob, or of an upload that came to nothing.
  mutating func forgetExtents(_ extents: [ExtentReference], of owner: SHA256Digest? = nil) {
    for extent in extents {
      if let owner { extentOwners.remove(extent, of: owner) }
      guard let slot = slotOfSegment[extent.segmentID] else { continue }
      slots[slot].live.remove(extent: extent.recordByteCount)
      noteDeath(of: extent.recordByteCount, in: slot)
    }
  }

  /// A large blob goes whose list cannot be read.
  private mutating func forgetAllExtents(of owner: SHA256Digest) {
    for (segment, byteCount) in extentOwners.removeAll(of: owner) {
      guard let slot = slotOfSegment[segment] else { continue }
      slots[slot].live.remove(extent: byteCount)
      noteDeath(of: byteCount, in: slot)
    }
  }

  /// Notes that bytes of a slot are of use no more.
  mutating func noteDeath(of byteCount: UInt64, in slot: UInt32) {
    reclaim.noteDeath(of: byteCount)
    guard slots[slot].live.isEmpty else { return }
    slots[slot].diedAfterCheckpoint = checkpoints.lastStarted
    reclaim.mayHaveDeadSlots = true
  }

  /// Counts the records of all slots anew from the index, and reports what was wrong.
  ///
  /// Up to a million blobs: beyond that it would hold callers up for longer than it is worth.
  mutating func recount() {
    guard index.count <= 1 << 20 else { return }
    let counted = recountedRecords()
    for number in slots.numbers where slots[number].state != .claimed {
      let fresh = counted[number] ?? LiveBytes()
      guard !fresh.hasSameRecords(as: slots[number].live) else { continue }
      log(.alarm, "The live bytes of slot \(number) were counted wrongly; they are right now.")
      slots[number].live.takeRecords(of: fresh)
    }
  }

  /// The live records of each slot as the index has them.
  func recountedRecords() -> [UInt32: LiveBytes] {
    var counted: [UInt32: LiveBytes] = [:]
    index.forEach { _, entry in
      counted[entry.place.slot, default: LiveBytes()].add(record: entry.place.readByteCount)
    }
    return counted
  }
}

/// The bytes in a slot that something leads to.
struct LiveBytes: Hashable {
  /// Of records that the index leads to, by their size classes.
  private(set) var recordByteCount: UInt64 = 0
  private(set) var recordCount = 0
  /// Of extents that an upload or the list of a large blob names.
  private(set) var extentByteCount: UInt64 = 0

  var isEmpty: Bool { recordCount == 0 && extentByteCount == 0 }

  /// Both kinds together.
  var byteCount: UInt64 { recordByteCount + extentByteCount }

  /// How large a record is here, about: an extent is as large as one can be.
  func largestAverageByteCount(extentByteCount: Int) -> UInt64 {
    guard self.extentByteCount == 0 else { return UInt64(extentByteCount) }
    return recordByteCount / UInt64(max(1, recordCount))
  }

  mutating func add(record byteCount: UInt64) {
    recordByteCount += byteCount
    recordCount += 1
  }

  mutating func remove(record byteCount: UInt64) {
    precondition(recordCount > 0, "what goes was counted")
    precondition(recordByteCount >= byteCount, "and so were its bytes")
    recordByteCount -= byteCount
    recordCount -= 1
  }

  mutating func add(extent byteCount: UInt64) { extentByteCount += byteCount }

  mutating func remove(extent byteCount: UInt64) {
    precondition(extentByteCount >= byteCount, "what goes was counted")
    extentByteCount -= byteCount
  }

  func hasSameRecords(as other: LiveBytes) -> Bool {
    recordByteCount == other.recordByteCount && recordCount == other.recordCount
  }

  mutating func takeRecords(of other: LiveBytes) {
    recordByteCount = other.recordByteCount
    recordCount = other.recordCount
  }
}
