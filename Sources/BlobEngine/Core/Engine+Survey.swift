import Bytes
import Codec
import Disk

/// The first look at the slots: which segment each holds, and whether it is sealed.
extension Engine {
  mutating func survey(_ recovery: Recovery) {
    let byCapacity = options.capacityByteCount.map { $0 / superblock.segmentByteCount }
    let limit = min(byCapacity ?? .max, UInt64(StoreFormat.maximumSlotCount))
    slots = SlotTable(slotLimit: Int(limit), isLimited: byCapacity != nil)
    var whole: [UInt32] = []
    for case (.slot(let number), let byteCount) in recovery.files {
      slots.include(number)
      if byteCount == superblock.segmentByteCount {
        slotFiles.insert(number)
        whole.append(number)
      } else {
        slots[number].state = .malformed
        slots[number].hasLeftover = true
      }
    }
    surveyNext(whole.sorted()[...], recovery)
  }

  /// Looks at the slots, some at a time.
  private mutating func surveyNext(_ numbers: ArraySlice<UInt32>, _ recovery: Recovery) {
    guard !numbers.isEmpty else { return finishSurvey(recovery) }
    let group = numbers.prefix(64)
    let page = StoreFormat.pageByteCount
    let ends = group.map { _ in makeBuffer(3 * page) }
    let last = superblock.segmentByteCount - UInt64(page)
    // One by one, so that a page that cannot be read takes no other with it.
    let places = [0, UInt64(page), last]
    let operations = zip(group, ends).flatMap { number, buffer in
      places.enumerated().map { index, offset in
        DiskOperation.read(
          .slot(number),
          offset: offset,
          byteCount: page,
          into: buffer,
          bufferOffset: index * page,
          .direct
        )
      }
    }
    submitAll(operations) { engine, results in
      for (index, number) in group.enumerated() {
        let read = Array(results[(3 * index)..<(3 * index + 3)])
        for (part, result) in read.enumerated() {
          if case .failure = result { ends[index].zero((part * page)..<((part + 1) * page)) }
        }
        engine.judge(number, SlotEnds(buffer: ends[index], results: read), recovery)
      }
      engine.surveyNext(numbers.dropFirst(group.count), recovery)
    }
  }

  /// Decides what a slot holds, from its first two pages and its last.
  private mutating func judge(_ number: UInt32, _ ends: SlotEnds, _ recovery: Recovery) {
    switch ends.header(of: number) {
    case .success(let header) where header.storeID == superblock.storeID:
      note(header.createdMilliseconds, sequence: header.nextSequence)
      var segment = Segment(
        id: header.segmentID,
        lane: header.lane,
        identity: identity(of: header)
      )
      segment.leastSequence = header.nextSequence
      adopt(segment, number, ends, recovery)
    case .success:
      slots[number].state = .lost
      log(.alarm, "Slot \(number) belongs to another store; it is left alone.")
    case .failure:
      if let segment = rescue(ends) {
        log(.alarm, "The header of slot \(number) is damaged; its batches say what it was.")
        adopt(segment, number, ends, recovery)
      } else if let error = ends.error {
        recovery.obstacle = recovery.obstacle ?? DiskFailure(error)
        log(.alarm, "Slot \(number) cannot be read: \(DiskFailure(error).message).")
      } else if ends.firstBatchIsBlank {
        slots[number].state = .free
      } else {
        slots[number].state = .lost
        log(.alarm, "Slot \(number) has neither a header nor a first batch; it is left alone.")
      }
    }
  }

  private mutating func adopt(
    _ segment: Segment,
    _ number: UInt32,
    _ ends: SlotEnds,
    _ recovery: Recovery
  ) {
    guard slotOfSegment[segment.id] == nil else {
      slots[number].state = .lost
      return log(.alarm, "Slot \(number) claims the segment of another slot; it is left alone.")
    }
    var segment = segment
    nextSegmentID = max(nextSegmentID, segment.id + 1)
    slotOfSegment[segment.id] = number
    segment.firstPreviousDigest = ends.firstBatch(in: segment.identity)?.previousDigest
    if let trailer = ends.trailer(of: segment, superblock), trailer.storeID == superblock.storeID {
      segment.take(trailer)
      note(trailer.sealedMilliseconds, sequence: trailer.lastSequence + 1)
      slots[number].state = .sealed
      recovery.sealed.append(number)
      recovery.trailers[number] = trailer
      nextSequence = max(nextSequence, trailer.lastSequence + 1)
    } else {
      slots[number].state = .closed
      recovery.unsealed.append(number)
    }
    slots[number].segment = segment
  }

  /// Finds out which segment this was when its header is damaged: the first batch has the marker in
  /// clear, and its head verifies under one id only.
  ///
  /// Ids are small, so they are tried.
  private func rescue(_ ends: SlotEnds) -> Segment? {
    guard let marker = ends.marker else { return nil }
    let newest = max(nextSegmentID, superblock.nextSegmentID) + 1024
    for id in 1...newest {
      let identity = SegmentIdentity(segmentID: id, marker: marker, checksum: checksum)
      guard ends.firstBatch(in: identity) != nil else { continue }
      var segment = Segment(id: id, lane: .ingest, identity: identity)
      segment.isLaneGuessed = true
      return segment
    }
    return nil
  }

  private mutating func finishSurvey(_ recovery: Recovery) {
    // Whether what it holds is newer than what can be read is not known; to answer that a blob is
    // absent, or to write on, could make a passing failure of the device a lasting loss.
    if let obstacle = recovery.obstacle { return fail(recovery.request, .disk(obstacle)) }
    nextSegmentID += 16
    makeReserve(recovery) { engine in engine.loadCheckpoint(recovery) }
  }
}

/// The first two pages of a slot and its last one.
struct SlotEnds {
  let buffer: DiskBuffer
  let results: [Result<Int, DiskError>]

  private static let page = StoreFormat.pageByteCount

  /// Why the header or the first batch's page could not be read.
  var error: DiskError? {
    for case .failure(let error) in results.prefix(2) { return error }
    return nil
  }

  func header(of slot: UInt32) -> Result<SegmentHeader, FormatError> {
    Result { () throws(FormatError) in
      try SegmentHeader(decoding: buffer.span.extracting(0..<Self.page), slot: slot)
    }
  }

  /// What stands where a batch has its marker, unless nothing does.
  var marker: SyncMarker? {
    let value = buffer.span.littleEndian(at: Self.page, as: UInt128.self)
    return value == 0 ? nil : SyncMarker(value: value)
  }

  var firstBatchIsBlank: Bool { marker == nil }

  func firstBatch(in segment: SegmentIdentity) -> BatchHead? {
    try? BatchHead(
      decoding: buffer.span,
      at: Self.page,
      in: segment,
      at: UInt64(SegmentHeader.byteCount)
    )
  }

  func trailer(of segment: Segment, _ superblock: Superblock) -> Trailer? {
    guard case .success = results[2] else { return nil }
    return try? Trailer(
      decoding: buffer.span.extracting((2 * Self.page)..<(3 * Self.page)),
      in: segment.identity,
      segmentByteCount: superblock.segmentByteCount
    )
  }
}

extension Segment {
  /// Takes over what a trailer says.
  mutating func take(_ trailer: Trailer) {
    end = Int(trailer.logEnd)
    batchCount = trailer.batchCount
    recordCount = trailer.recordCount
    lastDigest = trailer.lastBatchDigest
    firstSequence = trailer.firstSequence
    lastSequence = trailer.lastSequence
    tombstoneCount = lane == .large ? 0 : nil
    touchCount = tombstoneCount
    footer = FooterPlace(
      offset: Int(trailer.footerOffset),
      byteCount: Int(trailer.footerByteCount),
      entryCount: Int(trailer.entryCount)
    )
  }
}
