import Bytes

/// Streaming uploads: extents to the large lane as they come, one name for them at the end.
extension Engine {
  mutating func beginUpload(
    _ durability: Durability,
    _ probe: ContentProbe?,
    for request: RequestID
  ) {
    if let refusal = mode.refusal { return reply(request, failure: refusal) }
    guard hasRoom(for: limits.extentByteCount, in: .large, areToCome: true) else {
      return reply(request, failure: .storageFull)
    }
    let id = UploadID(number: nextNumber())
    uploads[id] = Upload(id: id, durability: durability, probe: probe, now: now)
    let mayBePresent = probe.map { filter.mayContain($0) } ?? false
    reply(request, .upload(id, mayBePresent: mayBePresent))
  }

  /// Refuses bytes that there is no room for, before anybody sends them.
  mutating func admit(_ byteCount: UInt64, for request: RequestID) {
    if let refusal = mode.refusal { return reply(request, failure: refusal) }
    guard byteCount <= largestBlobByteCount else {
      return reply(request, failure: .tooLarge(limit: largestBlobByteCount))
    }
    let piece = Int(clamping: min(byteCount, UInt64(limits.extentByteCount)))
    let isSmall = byteCount <= UInt64(limits.extentByteCount)
    let lane = isSmall ? Lane.ingest : .large
    guard hasRoom(for: piece, in: lane, areToCome: true), hasRoomForAll(of: byteCount) else {
      return reply(request, failure: .storageFull)
    }
    reply(request, .admitted)
  }

  /// Whether the slots that may still be had, and what reclaim can win, are enough for a large
  /// blob.
  private func hasRoomForAll(of byteCount: UInt64) -> Bool {
    guard byteCount > UInt64(limits.segmentByteCount) else { return true }
    let slotCount = UInt64(max(0, placeCount - slots.kept))
    let dead = usage()
    let room = slotCount * superblock.segmentByteCount + dead.deadByteCount + dead.emptiedByteCount
    return byteCount <= room
  }

  mutating func append(_ extent: PreparedExtent, to id: UploadID, for request: RequestID) {
    if let refusal = mode.refusal { return reply(request, failure: refusal) }
    guard let upload = uploads[id], upload.finishing == nil else {
      return reply(request, failure: .writerClosed)
    }
    if let failure = upload.failure { return reply(request, failure: failure) }
    uploads[id]?.lastMilliseconds = now
    guard upload.extentCount < limits.extentLimit else {
      return fail(id, .tooLarge(limit: largestBlobByteCount), for: request)
    }
    guard extent.byteCount > 0 else {
      return reply(request, .appended(readableByteCount: upload.readableByteCount))
    }
    guard hasRoom(for: extent.payload.count, in: .large) else {
      return fail(id, .storageFull, for: request)
    }
    queue(extent, of: upload, for: request)
  }

  private mutating func queue(
    _ extent: PreparedExtent,
    of upload: Upload,
    for request: RequestID
  ) {
    let id = upload.id
    let name = ExtentName(
      epoch: superblock.epoch,
      stream: id.number,
      ordinal: UInt64(upload.extentCount),
      logicalOffset: upload.appendedByteCount
    )
    precondition(extent.name == nil || extent.name == name, "a piece is sealed for its place")
    requireAnnouncement(of: extent.stored)
    guard let number = uploads[id]?.begin(byteCount: extent.byteCount) else { return }
    let head = RecordHead(
      type: .extent,
      flags: upload.durability.recordFlags,
      sequence: 0,
      logicalByteCount: UInt64(extent.byteCount),
      storedByteCount: UInt64(extent.payload.count),
      key: name.key,
      codec: extent.stored.isCompressed ? .zstandard : .raw,
      payloadDigest: extent.stored.digest
    )
    bufferedByteCount += extent.payload.count
    lanes[.large].queue.append(
      QueuedRecord(
        head: head,
        tail: extent.stored.tail,
        payload: extent.payload,
        ended: { engine, result in
          engine.bufferedByteCount -= extent.payload.count
          engine.appended(number, of: id, extent, result, for: request)
        }
      )
    )
  }

  private mutating func appended(
    _ number: Int,
    of id: UploadID,
    _ extent: PreparedExtent,
    _ result: Result<RecordPlace, EngineError>,
    for request: RequestID
  ) {
    switch result {
    case .success(let place):
      let reference = reference(to: extent, at: place)
      addExtent(reference)
      guard uploads[id] != nil else {
        forgetExtents([reference])
        return reply(request, failure: .writerClosed)
      }
      uploads[id]?.finish(number, reference)
      reply(request, .appended(readableByteCount: uploads[id]?.readableByteCount ?? 0))
    case .failure(let error):
      uploads[id]?.fail(error)
      reply(request, failure: error)
    }
    nameIfComplete(id)
  }

  private func reference(to extent: PreparedExtent, at place: RecordPlace) -> ExtentReference {
    ExtentReference(
      segmentID: slots[place.slot].segment?.id ?? 0,
      sequence: place.sequence,
      offset: UInt64(place.offset),
      logicalByteCount: UInt64(extent.byteCount),
      recordByteCount: UInt64(place.byteCount)
    )
  }

  private mutating func fail(_ id: UploadID, _ error: EngineError, for request: RequestID) {
    uploads[id]?.fail(error)
    reply(request, failure: error)
  }

  // MARK: The end

  mutating func finishUpload(_ id: UploadID, _ name: PreparedName, for request: RequestID) {
    guard let upload = uploads[id], upload.finishing == nil else {
      return reply(request, failure: .writerClosed)
    }
    uploads[id]?.finishing = (request, name)
    if let refusal = mode.refusal { uploads[id]?.fail(refusal) }
    nameIfComplete(id)
  }

  /// Reference after referent: the name is written only when every extent was flushed.
  private mutating func nameIfComplete(_ id: UploadID) {
    guard let upload = uploads[id], let (request, name) = upload.finishing else { return }
    if let failure = upload.failure {
      endUpload(id)
      return reply(request, failure: failure)
    }
    guard upload.isComplete else { return }
    change(name.key, .name(request, id, upload.durability))
  }

  mutating func cancelUpload(_ id: UploadID, for request: RequestID) {
    if uploads[id]?.finishing == nil { endUpload(id) }
    reply(request, .cancelled)
  }

  /// Forgets an upload; without a name its extents are dead bytes.
  mutating func endUpload(_ id: UploadID) {
    guard let upload = uploads.removeValue(forKey: id), !upload.isKept else { return }
    forgetExtents(upload.stored)
  }

  /// Gives up uploads that nobody has gone on with for long: segments with their extents cannot be
  /// reclaimed as long as they may grow.
  mutating func endForgottenUploads() {
    let patience = options.uploadPatienceMilliseconds
    let forgotten = uploads.values.filter {
      $0.finishing == nil && now >= $0.lastMilliseconds + patience
    }
    for upload in forgotten {
      log(
        .notice,
        "An upload of \(upload.appendedByteCount) bytes is given up: nobody has gone on with it "
          + "for \(patience / 1_000) s."
      )
      endUpload(upload.id)
    }
  }

  // MARK: Reading what grows

  mutating func readUpload(
    _ id: UploadID,
    _ offset: UInt64,
    _ byteCount: Int,
    for request: RequestID
  ) {
    guard let upload = uploads[id] else { return reply(request, failure: .writerClosed) }
    let list = ExtentList(upload.references)
    guard byteCount > 0, let number = list.number(of: offset) else {
      return reply(request, .absent)
    }
    let extent = list[number]
    let base = list.start(of: number)
    let end = min(offset - base + UInt64(byteCount), extent.logicalByteCount)
    let range = (offset - base)..<end
    let name = ExtentName(
      epoch: superblock.epoch,
      stream: id.number,
      ordinal: UInt64(number),
      logicalOffset: base
    )
    fetchExtent(extent, range) { engine, outcome in
      guard case .found(let fetched) = outcome else {
        let place = BlobDamage(.extent, slot: .max, offset: extent.offset)
        return engine.reply(request, failure: .damaged(key: .none, place))
      }
      engine.reply(
        request,
        .piece(
          StoredPiece(fetched, range, base: base, of: .upload(name), info: nil, reader: nil)
        )
      )
    }
  }
}
