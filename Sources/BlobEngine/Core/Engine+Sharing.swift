import Bytes
import Disk

/// From a blob to a recipe that gives the same bytes (`engine.md` 11.2).
///
/// ```
///  begin ──▶ chunks, durable ──▶ draft read from the disk, hashed by the caller ──▶ recipe written
///                                                                                       │
///   old copy of no use ◀── index leads to the recipe ◀── recipe read back, the same ◀───┘
/// ```
///
/// A crash at any point loses nothing: before the recipe is durable the blob is where it was, and a
/// recipe is written only when everything that it names is durable and was read back from the disk
/// as the blob's SHA-256 wants it. The recipe has a sequence of its own, so that a replay takes it
/// for what it is, the blob's newest record. It goes through the cold lane, as what reclaim copies:
/// it takes the place of what is there.
///
/// A blob that is encrypted gets a recipe that is, of chunks that are, all with the blob's key: the
/// engine cannot read them, and compares the names of keys.
extension Engine {
  /// Begins with a blob; answers with no sharing when it is a recipe already.
  mutating func beginSharing(_ key: SHA256Digest, for request: RequestID) {
    if let refusal = mode.refusal { return reply(request, failure: refusal) }
    precondition(superblock.features.contains(.recipes), "who shares has announced it")
    guard !isFull, !slots.isTight else { return reply(request, failure: .storageFull) }
    find(key, .head) { engine, finding in
      switch finding {
      case .absent: engine.reply(request, .absent)
      case .damaged(let damage, _): engine.reply(request, failure: .damaged(key: key, damage))
      case .found(let fetched, _) where fetched.record.head.type == .recipe:
        engine.reply(request, .sharing(nil))
      case .found(let fetched, _):
        let id = SharingID(number: engine.nextNumber())
        let keyID = fetched.record.items.seal?.keyID
        engine.sharing.runs[id] = Sharing(key: key, keyID: keyID, lastMilliseconds: engine.now)
        engine.reply(request, .sharing(id))
      }
    }
  }

  /// Says which chunks seem to be there: by fingerprint, without reading.
  mutating func haveChunks(_ keys: [SHA256Digest], for request: RequestID) {
    let found = keys.map { key in
      index.candidates(for: indexKey(key)).contains { $0.flags.contains(.recipe) }
    }
    reply(request, .haveChunks(found))
  }

  /// Stores a chunk unless it is there; from now on it is not collected.
  mutating func putChunk(_ chunk: PreparedBlob, of id: SharingID, for request: RequestID) {
    if let refusal = mode.refusal { return reply(request, failure: refusal) }
    precondition(chunk.isChunk, "chunks are prepared as such")
    guard let run = sharing.runs[id], run.draft == nil,
      run.keyID == chunk.stored.items.seal?.keyID
    else {
      return reply(request, failure: .writerClosed)
    }
    guard !slots.isTight else { return reply(request, failure: .storageFull) }
    sharing.runs[id]?.chunks.insert(chunk.key)
    sharing.runs[id]?.lastMilliseconds = now
    change(chunk.key, .put(request, chunk, .flushed))
  }

  /// Reads what a recipe would give, from the disk, before it is written.
  mutating func readDraft(_ draft: PreparedRecipe, of id: SharingID, for request: RequestID) {
    if let refusal = mode.refusal { return reply(request, failure: refusal) }
    precondition(
      draft.keyID == nil || superblock.features.contains(.sealedRecipes),
      "who seals recipes has announced it"
    )
    let buffer = makeBuffer(draft.head.recordByteCount)
    guard let run = sharing.runs[id], run.draft == nil, run.key == draft.key,
      run.keyID == draft.keyID, draft.isWithin(limits, leaving: EngineLimits.digestsByteCount),
      draft.runs.allSatisfy({ $0.isOf(run.chunks) }), let source = RecipeSource(draft, in: buffer)
    else { return reply(request, failure: .writerClosed) }
    sharing.runs[id]?.draft = draft
    sharing.runs[id]?.lastMilliseconds = now
    let info = BlobInfo(
      key: draft.key,
      byteCount: draft.byteCount,
      storedByteCount: 0,
      wasNew: false
    )
    read(by: Reader(info: info, range: 0..<draft.byteCount, recipe: source), for: request)
  }

  /// Lets the recipe take the blob's place, if what was read of it is called as the blob is.
  mutating func finishSharing(
    _ id: SharingID,
    rebuilt name: SHA256Digest,
    for request: RequestID
  ) {
    guard let run = sharing.runs[id], let draft = run.draft, !run.isFinishing else {
      return reply(request, failure: .writerClosed)
    }
    guard name == draft.key || breakages.contains(.recipeNotVerified) else {
      endSharing(id)
      return reply(request, failure: .digestMismatch(expected: draft.key, actual: name))
    }
    sharing.runs[id]?.isFinishing = true
    let exchange = RecipeExchange(id: id, draft: draft, request: request)
    change(draft.key, .relocate { engine, group in engine.write(exchange, group) })
  }

  /// Gives a sharing up; what was stored for it is collected when nothing else needs it.
  mutating func cancelSharing(_ id: SharingID, for request: RequestID) {
    if sharing.runs[id]?.isFinishing == false { endSharing(id) }
    reply(request, .cancelled)
  }

  private mutating func endSharing(_ id: SharingID) {
    guard let run = sharing.runs.removeValue(forKey: id) else { return }
    if !run.chunks.isEmpty { sharing.recipeDied() }
  }

  /// Gives up what nobody has gone on with for long: its chunks could not be collected.
  mutating func endForgottenSharings() {
    let patience = options.uploadPatienceMilliseconds
    for (id, run) in sharing.runs
    where !run.isFinishing && now >= run.lastMilliseconds + patience {
      endSharing(id)
    }
  }

  // MARK: The exchange

  private mutating func write(_ exchange: RecipeExchange, _ group: ChangeGroup) {
    if let refusal = mode.refusal { return end(exchange, group, .failure(refusal)) }
    guard !isFull else { return end(exchange, group, .failure(.storageFull)) }
    let draft = exchange.draft
    find(draft.key, .head) { engine, finding in
      switch finding {
      case .absent: engine.end(exchange, group, .success(.absent))
      case .damaged(let damage, _):
        engine.end(exchange, group, .failure(.damaged(key: draft.key, damage)))
      case .found(let old, let place):
        let whole = exchange.with(itemsOf: old.record.items)
        guard draft.mayReplace(old.record),
          whole.draft.isWithin(engine.limits)
        else { return engine.end(exchange, group, .failure(.writerClosed)) }
        engine.append(whole, group, insteadOf: old.record, place)
      }
    }
  }

  private mutating func append(
    _ exchange: RecipeExchange,
    _ group: ChangeGroup,
    insteadOf old: Record,
    _ place: IndexPlace
  ) {
    let draft = exchange.draft
    lanes[.cold].queue.append(
      QueuedRecord(
        head: draft.head,
        tail: draft.tail,
        payload: draft.stored.payload,
        ended: { engine, result in
          switch result {
          case .failure(let error): engine.end(exchange, group, .failure(error))
          case .success(let new): engine.readBack(new, exchange, group, insteadOf: old, place)
          }
        }
      )
    )
  }

  /// The recipe is durable: it counts when it can be read.
  private mutating func readBack(
    _ new: RecordPlace,
    _ exchange: RecipeExchange,
    _ group: ChangeGroup,
    insteadOf old: Record,
    _ place: IndexPlace
  ) {
    let key = exchange.draft.key
    slots[new.slot].readerCount += 1
    fetch(FetchPlace(new), named: .key(key), .logical(nil), fromDisk: true) { engine, outcome in
      engine.slots[new.slot].readerCount -= 1
      engine.reclaim.mayHaveDeadSlots = true
      guard case .found(let fetched) = outcome, exchange.draft.isSame(as: fetched) else {
        return engine.putBack(exchange, group, old, place)
      }
      engine.publish(new, exchange.draft, insteadOf: old, place)
      engine.end(exchange, group, .success(.stored(BlobInfo(fetched.record))))
    }
  }

  private mutating func publish(
    _ new: RecordPlace,
    _ draft: PreparedRecipe,
    insteadOf old: Record,
    _ place: IndexPlace
  ) {
    let newPlace = IndexPlace(
      slot: new.slot,
      offset: UInt64(new.offset),
      recordByteCount: UInt64(new.byteCount),
      kind: .recipe
    )
    guard moveRecord(of: draft.key, from: place, to: newPlace) else {
      preconditionFailure("nobody moves a record whose key's gate is held")
    }
    forgetPieces(of: draft.key, at: place, extents: old.items.extents)
    for source in draft.runs.compactMap(\.source) {
      sharing.collection?.mark(indexKey(source).fingerprint)
    }
  }

  /// The disk did not keep the recipe, and has it in its log: the next open would believe in it.
  ///
  /// So what was there before is written once more, behind it.
  private mutating func putBack(
    _ exchange: RecipeExchange,
    _ group: ChangeGroup,
    _ old: Record,
    _ place: IndexPlace
  ) {
    let key = exchange.draft.key
    log(.alarm, "A recipe of \(key) cannot be read back; the blob stays as it was.")
    let failure = EngineError.damaged(
      key: key,
      BlobDamage(.unreadable, slot: place.slot, offset: place.offset)
    )
    fetch(FetchPlace(place), named: .key(key), .logical(nil)) { engine, outcome in
      guard case .found(let fetched) = outcome else {
        return engine.end(exchange, group, .failure(failure))
      }
      let copy = RelocatedRecord(fetched)
      var head = copy.head
      head.flags.remove(.relocated)
      let record = QueuedRecord(
        head: head,
        tail: copy.tail,
        payload: copy.payload[...],
        ended: { engine, result in
          if case .success(let new) = result {
            _ = engine.moveRecord(of: key, from: place, to: place.moved(to: new))
          }
          engine.end(exchange, group, .failure(failure))
        }
      )
      engine.lanes[.cold].queue.append(record)
    }
  }

  private mutating func end(
    _ exchange: RecipeExchange,
    _ group: ChangeGroup,
    _ result: Result<EngineReply, EngineError>
  ) {
    endSharing(exchange.id)
    effects.append(.reply(exchange.request, result))
    end(group, .success(.cancelled))
  }
}

/// A draft that was verified, and who waits for it to take the blob's place.
private struct RecipeExchange {
  let id: SharingID
  private(set) var draft: PreparedRecipe
  let request: RequestID

  func with(itemsOf old: RecordExtension) -> RecipeExchange {
    var result = self
    result.draft = draft.with(itemsOf: old)
    return result
  }
}

extension PreparedRecipe {
  /// Whether the recipe may take a record's place: never does what is encrypted become readable, or
  /// the other way round.
  fileprivate func mayReplace(_ old: Record) -> Bool {
    old.head.type != .recipe && old.head.logicalByteCount == byteCount
      && old.items.seal?.keyID == keyID
  }
}

extension RecipeRun {
  fileprivate func isOf(_ chunks: Set<SHA256Digest>) -> Bool {
    source.map { chunks.contains($0) } ?? true
  }
}

extension IndexPlace {
  /// The same record elsewhere.
  fileprivate func moved(to new: RecordPlace) -> IndexPlace {
    IndexPlace(
      slot: new.slot,
      offset: UInt64(new.offset),
      recordByteCount: UInt64(new.byteCount),
      kind: kind,
      flags: flags
    )
  }
}
