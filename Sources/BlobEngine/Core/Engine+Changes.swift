import Bytes

/// Changes of a key: put, name, delete. One at a time for each key, in the order they came.
extension Engine {
  mutating func change(_ key: SHA256Digest, _ change: KeyChange) {
    bufferedByteCount += change.payloadByteCount
    if gates.enter(change, for: key) { begin([change], of: key) }
  }

  /// Begins changes that go together: any number of puts, or one of anything else.
  private mutating func begin(_ changes: [KeyChange], of key: SHA256Digest) {
    guard let first = changes.first else { return }
    let group = ChangeGroup(key: key, changes: changes)
    if case .relocate(let move) = first { return move(&self, group) }
    if let refusal = mode.refusal { return end(group, .failure(refusal)) }
    if case .delete(_, let token) = first { return delete(group, token) }
    if case .undelete = first { return undelete(group) }
    if case .enrich(_, let digests) = first { return enrich(group, digests) }
    if case .put(_, let blob, _) = first, blob.isChunk { return beginChunk(group) }
    if breakages.contains(.trustXXH3), believesInCopy(of: first) {
      return end(group, .success(.stored(first.believedInfo(key))))
    }
    find(key, .logical(nil)) { engine, finding in
      switch finding {
      case .found(let fetched, let place) where engine.damaged[key] == nil:
        engine.welcome(group, fetched, place)
      case .found(let fetched, let place):
        engine.store(group, insteadOf: OldRecord(place, fetched.record.items.extents))
      case .damaged(_, let place): engine.store(group, insteadOf: OldRecord(place, []))
      case .absent:
        let kept = engine.deletedPlace(of: key)
        engine.store(group, insteadOf: kept.map { OldRecord($0, []) })
      }
    }
  }

  /// A chunk that is there and sound needs no more; no caller asks for it, so that no touch does.
  private mutating func beginChunk(_ group: ChangeGroup) {
    findChunk(group.key, .logical(nil)) { engine, finding in
      switch finding {
      case .found(let fetched, _): engine.end(group, .success(.stored(BlobInfo(fetched.record))))
      case .damaged(_, let place): engine.store(group, insteadOf: OldRecord(place, []))
      case .absent: engine.store(group, insteadOf: nil)
      }
    }
  }

  /// Answers what has no answer yet, and lets the next changes of the key begin.
  mutating func end(_ group: ChangeGroup, _ result: Result<EngineReply, EngineError>) {
    answer(group, result)
    release(group)
    begin(gates.leave(group.key), of: group.key)
  }

  /// Lets relocations pass that wait for changes which themselves wait for a slot: the slot may be
  /// the one that these are to empty.
  ///
  /// - Returns: whether any passed.
  mutating func letRelocationsPass() -> Bool {
    guard lanes[.ingest].isWaitingForSpace else { return false }
    let gates = gates
    let withdrawn = lanes[.ingest].queue.removeAll { gates.mayGiveWay($0) }
    for record in withdrawn { record.withdrawn?(&self) }
    if !withdrawn.isEmpty { lanes.stopWaiting() }
    return !withdrawn.isEmpty
  }

  /// Begins changes anew behind the relocations that wait for them.
  mutating func restart(_ changes: [KeyChange], of key: SHA256Digest) {
    begin(gates.giveWay(key, changes), of: key)
  }

  private mutating func release(_ group: ChangeGroup) {
    for change in group.changes {
      bufferedByteCount -= change.payloadByteCount
      if case .name(_, let upload, _) = change { endUpload(upload) }
    }
  }

  mutating func answer(_ group: ChangeGroup, _ result: Result<EngineReply, EngineError>) {
    guard !group.isAnswered else { return }
    group.isAnswered = true
    for request in group.changes.compactMap(\.request) { effects.append(.reply(request, result)) }
  }

  private func believesInCopy(of change: KeyChange) -> Bool {
    if case .put(_, let blob, _) = change { filter.mayContain(blob.probe) } else { false }
  }

  // MARK: Put of what is there

  /// One record answers all puts of a blob that is there: it says that the blob is still wanted.
  mutating func touch(_ group: ChangeGroup, _ info: BlobInfo) {
    let isRelaxed = group.changes.allSatisfy { $0.durability == .relaxed }
    let head = RecordHead(
      type: .touch,
      flags: isRelaxed ? .relaxed : [],
      sequence: 0,
      key: group.key
    )
    let reply = EngineReply.stored(info)
    noteTouch(group.key)
    lanes[.ingest].queue.append(
      QueuedRecord(
        head: head,
        written: { engine, _ in engine.answer(group, .success(reply)) },
        withdrawn: { engine in engine.restart(group.changes, of: group.key) },
        ended: { engine, result in engine.end(group, result.map { _ in reply }) }
      )
    )
  }

  // MARK: Put of what is not there

  /// Stores the first of the group; the others then find it.
  private mutating func store(_ group: ChangeGroup, insteadOf old: OldRecord?) {
    let (first, others) = group.split()
    switch first.changes[0] {
    case .put(_, let blob, let durability):
      requireAnnouncement(of: blob.stored)
      guard hasRoom(for: blob.payload.count) else { return endAll(first, others, .storageFull) }
      appendIfRoom(PendingPut(blob, durability), first, others, insteadOf: old)
    case .name(_, let upload, let durability):
      guard let finished = uploads[upload] else { return endAll(first, others, .writerClosed) }
      let named = PendingPut(finished, key: first.key, durability)
      guard named.tail.count <= limits.extensionByteCount else {
        return endAll(first, others, .tooLarge(limit: largestBlobByteCount))
      }
      appendIfRoom(named, first, others, insteadOf: old)
    case .delete, .undelete, .enrich, .relocate:
      preconditionFailure("only puts are stored")
    }
  }

  /// Sends a put to the log once its entry has room in the files of the index.
  private mutating func appendIfRoom(
    _ put: PendingPut,
    _ first: ChangeGroup,
    _ others: ChangeGroup?,
    insteadOf old: OldRecord?
  ) {
    let partition = indexKey(first.key).partition
    promiseEntry(in: partition, isName: put.head.type == .blobOf) { engine, failure in
      if let failure { return engine.endAll(first, others, failure) }
      if let refusal = engine.mode.refusal {
        engine.endPromise(in: partition)
        return engine.endAll(first, others, refusal)
      }
      engine.append(put, first, others, insteadOf: old)
    }
  }

  private mutating func append(
    _ put: PendingPut,
    _ first: ChangeGroup,
    _ others: ChangeGroup?,
    insteadOf old: OldRecord?
  ) {
    lanes[.ingest].queue.append(
      QueuedRecord(
        head: put.head,
        tail: put.tail,
        payload: put.payload,
        written: { engine, place in
          engine.answer(first, .success(.stored(put.info(place))))
        },
        withdrawn: { engine in
          engine.endPromise(in: engine.indexKey(put.head.key).partition)
          engine.restart(first.changes + (others?.changes ?? []), of: first.key)
        },
        ended: { engine, result in
          engine.endPromise(in: engine.indexKey(put.head.key).partition)
          switch result {
          case .success(let place):
            engine.publish(put, at: place, insteadOf: old)
            if case .name(_, let upload, _) = first.changes[0] { engine.uploads[upload]?.keep() }
            engine.answer(first, .success(.stored(put.info(place))))
            engine.goOn(from: first, to: others)
          case .failure(let error): engine.endAll(first, others, error)
          }
        }
      )
    )
  }

  /// The record is durable: from now on it is found.
  private mutating func publish(
    _ put: PendingPut,
    at place: RecordPlace,
    insteadOf old: OldRecord?
  ) {
    let key = put.head.key
    if let old {
      forgetRecord(of: key, at: old.place, extents: old.extents)
      if old.place.isDeleted { delayed.revive(key, at: nextSequence) }
    }
    addRecord(of: key, at: put.indexPlace(place))
    extentOwners.add(key, of: put.extents)
    damaged[key] = nil
    if let probe = put.probe { filter.insert(probe) }
  }

  /// A bit is durable before what needs it is written (31 of *Format*).
  func requireAnnouncement(of stored: StoredBytes) {
    precondition(
      !stored.isSealed || superblock.features.contains(.encryption),
      "who seals has announced it"
    )
  }

  private mutating func goOn(from first: ChangeGroup, to others: ChangeGroup?) {
    release(first)
    begin(others?.changes ?? gates.leave(first.key), of: first.key)
  }

  private mutating func endAll(
    _ first: ChangeGroup,
    _ others: ChangeGroup?,
    _ error: EngineError
  ) {
    if let others {
      answer(others, .failure(error))
      release(others)
    }
    end(first, .failure(error))
  }

  // MARK: Delete

  private mutating func delete(_ group: ChangeGroup, _ token: CollectionToken?) {
    find(group.key, .head) { engine, finding in
      switch finding {
      case .absent where token == nil: engine.end(group, .success(.deleted(false)))
      case .absent: engine.end(group, .success(.collected(.absent)))
      case .found(let fetched, _)
      where !engine.mayDelete(group.key, fetched.record.head.sequence, token):
        engine.end(group, .success(.collected(.kept)))
      case .found(let fetched, let place):
        engine.bury(group, place, fetched.record.items.extents, token)
      // How old it is cannot be told; whoever is sure deletes it without a token.
      case .damaged where token != nil: engine.end(group, .success(.collected(.kept)))
      case .damaged(_, let place): engine.bury(group, place, [], token)
      }
    }
  }

  private func mayDelete(
    _ key: SHA256Digest,
    _ sequence: UInt64,
    _ token: CollectionToken?
  ) -> Bool {
    token.map { mayCollect(key, sequence: sequence, $0) } ?? true
  }

  private mutating func bury(
    _ group: ChangeGroup,
    _ place: IndexPlace,
    _ extents: [ExtentReference],
    _ token: CollectionToken?
  ) {
    let key = group.key
    let done = token == nil ? EngineReply.deleted(true) : .collected(.deleted)
    guard !breakages.contains(.dropTombstone) else {
      forgetRecord(of: key, at: place, extents: extents)
      return end(group, .success(done))
    }
    lanes[.ingest].queue.append(
      QueuedRecord(
        head: RecordHead(type: .tombstone, sequence: 0, key: key),
        withdrawn: { engine in engine.restart(group.changes, of: key) },
        ended: { engine, result in
          if case .success(let tombstone) = result {
            engine.endDelete(of: key, at: place, extents: extents, tombstone: tombstone)
          }
          engine.end(group, result.map { _ in done })
        }
      )
    )
  }
}

/// A damaged copy that a fresh one takes the place of.
struct OldRecord {
  let place: IndexPlace
  let extents: [ExtentReference]

  init(_ place: IndexPlace, _ extents: [ExtentReference]) {
    self.place = place
    self.extents = extents
  }
}
