import Bytes
import Disk

/// Verifying what lies on the disk, step by step, and naming the blobs that are damaged.
///
/// A step reads at most two batches' worth. What does not verify as a batch is verified record by
/// record, so that a damaged byte costs one blob and is reported under its name.
extension Engine {
  mutating func scrub(after cursor: ScrubCursor?, for request: RequestID) {
    let from = cursor?.slot ?? 0
    let wanted = slots.numbers.first { $0 >= from && slots[$0].segment != nil }
    guard let slot = wanted, let segment = slots[slot].segment else {
      return scrubTables(ScrubStep(request: request, slot: from))
    }
    let step = ScrubStep(request: request, slot: slot)
    // Until the step is over the slot is not used for anything else.
    slots[slot].readerCount += 1
    let offset = slot == from ? Int(cursor?.offset ?? 0) : 0
    if offset == 0 { return scrubHeader(step, segment) }
    if offset >= segment.end { return scrubFooter(step, segment) }
    scrubBatches(step, segment, from: offset)
  }

  private mutating func finish(_ step: ScrubStep) {
    slots[step.slot].readerCount -= 1
    reclaim.mayHaveDeadSlots = true
    for (key, damage) in step.damaged { noteDamage(damage, to: key) }
    let next =
      step.nextOffset.map { ScrubCursor(slot: step.slot, offset: UInt64($0)) }
      ?? ScrubCursor(slot: step.slot + 1, offset: 0)
    reply(step, next: next)
  }

  private mutating func reply(_ step: ScrubStep, next: ScrubCursor?) {
    reply(
      step.request,
      .scrubbed(
        ScrubReport(
          byteCount: step.byteCount,
          damaged: step.damaged,
          otherDamage: step.otherDamage,
          next: next
        )
      )
    )
  }

  private mutating func scrubHeader(_ step: ScrubStep, _ segment: Segment) {
    let count = SegmentHeader.byteCount
    let buffer = makeBuffer(count)
    step.byteCount = UInt64(count)
    step.nextOffset = count
    submit(
      .read(.slot(step.slot), offset: 0, byteCount: count, into: buffer, bufferOffset: 0, .direct)
    ) { engine, result in
      let page = buffer.span.extracting(0..<count)
      let header = try? SegmentHeader(decoding: page, slot: step.slot)
      if case .failure = result {
        step.otherDamage.append("The header of slot \(step.slot) cannot be read.")
      } else if header?.segmentID != segment.id {
        step.otherDamage.append(
          "The header of slot \(step.slot) is damaged; its batches tell what it said."
        )
      }
      engine.finish(step)
    }
  }

  // MARK: Batches

  private mutating func scrubBatches(_ step: ScrubStep, _ segment: Segment, from offset: Int) {
    let count = min(2 * limits.batchByteCount, segment.end - offset)
    let buffer = makeBuffer(count)
    let isSealed = slots[step.slot].state == .sealed
    submit(
      .read(
        .slot(step.slot),
        offset: UInt64(offset),
        byteCount: count,
        into: buffer,
        bufferOffset: 0,
        isSealed ? .cachedOnce : .direct
      )
    ) { engine, result in
      if case .success = result {
        let window = buffer.span.extracting(0..<count)
        step.nextOffset = step.verify(
          window,
          from: offset,
          to: offset + count,
          in: segment.identity
        )
      } else {
        step.suspects = [offset..<(offset + count)]
        step.nextOffset = offset + count
      }
      step.byteCount = UInt64((step.nextOffset ?? offset) - offset)
      if step.nextOffset == offset {
        // A head that claims more than there is: look at the next page instead.
        step.suspects = [offset..<(offset + StoreFormat.pageByteCount)]
        step.nextOffset = offset + StoreFormat.pageByteCount
      }
      engine.scrubSuspects(step)
    }
  }

  private mutating func scrubSuspects(_ step: ScrubStep) {
    guard !step.suspects.isEmpty else { return finish(step) }
    entries(of: step.slot) { engine, entries in
      engine.leaveOutHoles(of: step, entries)
      let inside = entries.filter { entry in
        step.suspects.contains { $0.overlaps(Int(entry.offset)..<entry.end) }
      }
      let before = step.damaged.count + step.otherDamage.count
      engine.scrubRecords(inside[...], step) { engine in
        if step.damaged.count + step.otherDamage.count == before, step.badExtents.isEmpty,
          step.badChunks.isEmpty
        {
          for range in step.suspects {
            step.otherDamage.append(
              "Slot \(step.slot) is damaged from offset \(range.lowerBound) to "
                + "\(range.upperBound), and no blob in it is."
            )
          }
        }
        engine.findOwners(step)
      }
    }
  }

  /// A crash may have left holes between the pieces of large blobs, and nothing is lost there.
  private func leaveOutHoles(of step: ScrubStep, _ entries: [FooterEntry]) {
    guard slots[step.slot].segment?.lane == .large else { return }
    step.suspects.removeAll { suspect in
      !entries.contains { suspect.overlaps(Int($0.offset)..<$0.end) }
    }
  }

  private mutating func scrubRecords(
    _ entries: ArraySlice<FooterEntry>,
    _ step: ScrubStep,
    then: @escaping (inout Engine) -> Void
  ) {
    guard let entry = entries.first else { return then(&self) }
    let place = FetchPlace(
      slot: step.slot,
      offset: Int(entry.offset),
      byteCountBound: Int(entry.recordByteCount)
    )
    fetch(place, named: .anything, .logical(nil), fromDisk: true) { engine, outcome in
      switch outcome {
      case .found(let fetched) where fetched.record.head.sequence == entry.sequence: break
      case .damaged(let damage): engine.report(damage, entry, step)
      case .found, .other:
        engine.report(
          BlobDamage(.head, slot: step.slot, offset: entry.offset),
          entry,
          step
        )
      }
      engine.scrubRecords(entries.dropFirst(), step, then: then)
    }
  }

  private func report(_ damage: BlobDamage, _ entry: FooterEntry, _ step: ScrubStep) {
    if entry.type == .extent {
      step.badExtents[entry.sequence] = damage
    } else if entry.flags.contains(.chunk), leads(to: entry, in: step.slot) {
      step.badChunks[entry.key] = damage
    } else if leads(to: entry, in: step.slot) {
      step.damaged.append((entry.key, damage))
    } else {
      step.otherDamage.append("A record that nothing leads to is damaged: \(damage).")
    }
  }

  // MARK: Whose extent it is

  /// Finds the blobs of damaged extents by reading all lists; there is no way back from an extent.
  private mutating func findOwners(_ step: ScrubStep) {
    guard !step.badExtents.isEmpty else { return findRecipes(step) }
    var lists: [IndexPlace] = []
    index.forEach { _, entry in
      if entry.place.kind == .blobOf { lists.append(entry.place) }
    }
    findOwners(in: lists[...], step)
  }

  private mutating func findOwners(in lists: ArraySlice<IndexPlace>, _ step: ScrubStep) {
    guard let place = lists.first, !step.badExtents.isEmpty else {
      for damage in step.badExtents.values {
        step.otherDamage.append("An extent that no blob names is damaged: \(damage).")
      }
      return findRecipes(step)
    }
    fetch(FetchPlace(place), named: .anyList, .head) { engine, outcome in
      if case .found(let fetched) = outcome {
        for extent in fetched.record.items.extents {
          guard let damage = step.badExtents.removeValue(forKey: extent.sequence) else { continue }
          step.damaged.append((fetched.record.head.key, damage))
        }
      }
      engine.findOwners(in: lists.dropFirst(), step)
    }
  }

  /// Finds the blobs of damaged chunks by reading all recipes.
  private mutating func findRecipes(_ step: ScrubStep) {
    guard !step.badChunks.isEmpty else { return finish(step) }
    var recipes: [IndexPlace] = []
    index.forEach { _, entry in
      if entry.place.kind == .recipe { recipes.append(entry.place) }
    }
    findRecipes(in: recipes[...], step)
  }

  private mutating func findRecipes(in recipes: ArraySlice<IndexPlace>, _ step: ScrubStep) {
    guard let place = recipes.first else {
      for (chunk, damage) in step.badChunks where !step.ownedChunks.contains(chunk) {
        step.otherDamage.append("A chunk that no blob needs is damaged: \(damage).")
      }
      return finish(step)
    }
    fetch(FetchPlace(place), named: .anyRecipe, .head) { engine, outcome in
      if case .found(let fetched) = outcome { step.blame(fetched.record) }
      engine.findRecipes(in: recipes.dropFirst(), step)
    }
  }

  // MARK: Tables

  private mutating func scrubFooter(_ step: ScrubStep, _ segment: Segment) {
    guard slots[step.slot].state == .sealed, let place = segment.footer else { return finish(step) }
    let count = place.byteCount + Trailer.byteCount
    let buffer = makeBuffer(count)
    let length = superblock.segmentByteCount
    step.byteCount = UInt64(count)
    submit(
      .read(
        .slot(step.slot),
        offset: UInt64(place.offset),
        byteCount: count,
        into: buffer,
        bufferOffset: 0,
        .cachedOnce
      )
    ) { engine, result in
      let footer = try? Footer.decode(
        buffer.span.extracting(0..<place.byteCount),
        entryCount: place.entryCount,
        in: segment.identity,
        at: UInt64(place.offset)
      )
      let trailer = try? Trailer(
        decoding: buffer.span.extracting(place.byteCount..<count),
        in: segment.identity,
        segmentByteCount: length
      )
      if (try? result.get()) == nil || footer == nil || trailer == nil {
        step.otherDamage.append(
          "The footer of slot \(step.slot) is damaged; the next open makes it anew."
        )
      }
      engine.finish(step)
    }
  }

  /// The last step: the superblock and the checkpoint.
  private mutating func scrubTables(_ step: ScrubStep) {
    step.byteCount = UInt64(Superblock.fileByteCount)
    let sequence = superblock.sequence
    let isChanging = checkpoints.isUnderWay
    readSuperblock { engine, result in
      switch result {
      case _ where isChanging || engine.checkpoints.isUnderWay: break
      case _ where engine.superblock.sequence != sequence: break
      case .success(let election) where election.agreeingCopies.count == Superblock.copyCount:
        break
      case .success:
        step.otherDamage.append("Copies of the superblock differ; the next open writes all anew.")
      case .failure(let error):
        step.otherDamage.append("The superblock cannot be read: \(error)")
      }
      engine.scrubPartition(0, step)
    }
  }

  private mutating func scrubPartition(_ number: Int, _ step: ScrubStep) {
    guard number < StoreFormat.partitionCount else { return reply(step, next: nil) }
    let files = checkpoints.files[number]
    guard let second = files.current, let byteCount = files[second], !checkpoints.isUnderWay else {
      return scrubPartition(number + 1, step)
    }
    let buffer = makeBuffer(Int(byteCount))
    let partition = UInt8(number)
    step.byteCount += byteCount
    submit(
      .read(
        .checkpoint(partition: partition, second: second),
        offset: 0,
        byteCount: Int(byteCount),
        into: buffer,
        bufferOffset: 0,
        .direct
      )
    ) { engine, result in
      let bytes = buffer.span.extracting(0..<Int(byteCount))
      if (try? result.get()) == nil || !engine.isWhole(bytes, partition) {
        engine.checkpoints.markDirty(partition)
        step.otherDamage.append(
          "Partition \(number) of the index on disk is damaged; the next checkpoint writes it anew."
        )
      }
      engine.scrubPartition(number + 1, step)
    }
  }

  private func isWhole(_ file: Span<UInt8>, _ partition: UInt8) -> Bool {
    let header = try? CheckpointHeader(
      decoding: file.extracting(0..<CheckpointHeader.byteCount),
      partition: partition,
      checksum: checksum
    )
    guard let header else { return false }
    let pages = file.extracting(CheckpointHeader.byteCount..<file.count)
    return (try? CheckpointPages.decode(pages, header: header, checksum: checksum)) != nil
  }
}

extension FooterEntry {
  /// Where the record ends in its segment.
  fileprivate var end: Int { Int(offset) + Int(recordByteCount) }
}
