import Bytes
import Codec
import Disk

extension BatchHead {
  /// The last sequence that the batch took, whether its records have their own or not.
  fileprivate var lastSequence: UInt64 {
    let (sum, isTooLarge) = firstSequence.addingReportingOverflow(UInt64(max(recordCount, 1)) - 1)
    return isTooLarge ? firstSequence : sum
  }
}

/// A walk over the batches of one segment that has no usable footer.
///
/// The walk reads windows of twice a batch; a batch that does not lie whole in one begins the next.
/// What does not verify is remembered; when something valid follows it was damage, otherwise it may
/// have been torn.
final class SegmentWalk {
  let slot: UInt32
  var segment: Segment
  let checksum: Checksum
  /// Where batches end at the latest.
  let limit: Int
  /// Where the next batch is looked for.
  var position = SegmentHeader.byteCount
  /// Where the first batch that does not verify begins, while nothing valid was found behind it.
  var suspectStart: Int?
  /// What verified only one by one, out of batches that do not verify whole.
  var damagedBatchCount = 0
  var damagedKeys: [(SHA256Digest, BlobDamage)] = []
  /// Pages of the suspect range, kept to look for single records if it turns out to be damage.
  private var suspectPages: [(offset: Int, bytes: [UInt8])] = []
  /// Whether the first bad checksum ends the segment: a breakage.
  let stopsAtFirstDoubt: Bool
  var isOver = false
  /// Whether the device failed on a page since the last good batch.
  var hasUnreadableTail = false
  /// The digest of the batch before the last.
  private(set) var digestBeforeLast: UInt64?
  /// What is kept of a suspect range: as much as two batches fill.
  private static let suspectPageLimit = 2048

  /// Whether a marker of this segment was seen in the suspect range: something was written there.
  var sawMarker = false

  init(
    slot: UInt32,
    segment: Segment,
    checksum: Checksum,
    limit: Int,
    stopsAtFirstDoubt: Bool
  ) {
    var fresh = Segment(id: segment.id, lane: segment.lane, identity: segment.identity)
    fresh.isLaneGuessed = segment.isLaneGuessed
    fresh.leastSequence = segment.leastSequence
    fresh.firstSequence = .max
    self.slot = slot
    self.segment = fresh
    self.checksum = checksum
    self.limit = limit
    self.stopsAtFirstDoubt = stopsAtFirstDoubt
  }

  /// Goes through the batches that lie whole in a window that begins at `position`.
  func read(_ window: Span<UInt8>) {
    let start = position
    let page = StoreFormat.pageByteCount
    while position - start <= window.count - BatchHead.byteCount, !isOver {
      let local = position - start
      let head = head(in: window, at: local)
      if let head, local > 0, head.batchByteCount > window.count - local { return }
      if let head, isWhole(head, in: window, at: local) {
        settleSuspect(before: head)
        take(head, window, at: local)
        position += head.batchByteCount
      } else {
        doubt(window, at: local)
        position += page
      }
    }
    if position >= limit || position == start { end() }
  }

  private func end() { isOver = true }

  /// What stands at a place in the window, if it verifies as the head of a batch.
  private func head(in window: Span<UInt8>, at local: Int) -> BatchHead? {
    try? BatchHead(decoding: window, at: local, in: segment.identity, at: UInt64(position))
  }

  /// Whether the body of a batch is in the window, and verifies.
  private func isWhole(_ head: BatchHead, in window: Span<UInt8>, at local: Int) -> Bool {
    guard head.batchByteCount <= window.count - local else { return false }
    let bytes = window.extracting(local..<(local + head.batchByteCount))
    return (try? head.checkBody(bytes, in: segment.identity, at: UInt64(position))) != nil
  }

  /// Remembers a page that is no good batch.
  private func doubt(_ window: Span<UInt8>, at local: Int) {
    if stopsAtFirstDoubt { return end() }
    if suspectStart == nil { suspectStart = position }
    let page = min(StoreFormat.pageByteCount, window.count - local)
    guard !window.extracting(local..<(local + page)).isZero else { return }
    if window.littleEndian(at: local, as: UInt128.self) == segment.identity.marker.value {
      sawMarker = true
    }
    guard suspectPages.count < Self.suspectPageLimit else { return }
    suspectPages.append((position, window.extracting(local..<(local + page)).makeArray()))
  }

  /// Something valid follows: what was doubted had been committed, and is damaged.
  private func settleSuspect(before head: BatchHead) {
    guard let start = suspectStart else {
      if segment.batchCount != head.number { noteGap(at: position) }
      return
    }
    damagedBatchCount += max(1, Int(head.number) - Int(segment.batchCount))
    segment.damagedRanges.append(start..<position)
    let first = max(segment.lastSequence + 1, segment.leastSequence)
    salvage(start..<position, sequences: first..<max(head.firstSequence, first))
    suspectStart = nil
    suspectPages = []
    sawMarker = false
    hasUnreadableTail = false
  }

  private func noteGap(at offset: Int) {
    damagedBatchCount += 1
    segment.damagedRanges.append(offset..<offset)
  }

  private func take(_ head: BatchHead, _ window: Span<UInt8>, at local: Int) {
    let bytes = window.extracting(local..<(local + head.batchByteCount))
    if segment.firstPreviousDigest == nil, segment.damagedRanges.isEmpty {
      segment.firstPreviousDigest = head.previousDigest
    }
    var walk = RecordWalk(head, at: UInt64(position))
    do throws(FormatError) {
      while let record = try walk.next(in: bytes, checksum: checksum) {
        append(record, at: position)
      }
    } catch {
      damagedBatchCount += 1
      segment.damagedRanges.append(position..<(position + head.batchByteCount))
    }
    if segment.batchCount > 0 { digestBeforeLast = segment.lastDigest }
    segment.batchCount = head.number + 1
    segment.lastSequence = max(segment.lastSequence, head.lastSequence)
    segment.lastDigest = head.digest(in: segment.identity, at: UInt64(position))
    segment.end = position + head.batchByteCount
  }

  private func append(_ record: Record, at base: Int) {
    guard let entry = FooterEntry(record.head, at: UInt64(base + record.position)) else { return }
    if segment.isLaneGuessed { learnLane(from: entry) }
    segment.append(entry)
  }

  private func learnLane(from entry: FooterEntry) {
    if entry.flags.contains(.relocated) {
      segment.lane = .cold
    } else if entry.type == .extent {
      segment.lane = .large
    }
  }

  /// Looks for single records that verify in a range where batches do not.
  ///
  /// Older incarnations of the slot left records too; they have lower sequences. So has what a blob
  /// holds that is a copy of the store's own files, but for copies of what other lanes wrote
  /// since the last good batch, and those are not of this lane. Before the first batch the header
  /// says how far the log was.
  func salvage(_ range: Range<Int>, sequences: Range<UInt64>) {
    guard !sequences.isEmpty else { return }
    var position = range.lowerBound
    for run in runs() where run.offset < range.upperBound {
      position = max(position, run.offset)
      let end = run.offset + run.bytes.count
      while position < end {
        let length = salvageRecord(run, at: position, sequences)
        position += length ?? StoreFormat.recordAlignment
      }
    }
  }

  /// The suspect pages, joined where they follow one another.
  private func runs() -> [(offset: Int, bytes: [UInt8])] {
    var runs: [(offset: Int, bytes: [UInt8])] = []
    for page in suspectPages {
      if let last = runs.last, last.offset + last.bytes.count == page.offset {
        runs[runs.count - 1].bytes += page.bytes
      } else {
        runs.append(page)
      }
    }
    return runs
  }

  /// Takes the record at `position`, if there is one, and returns how many bytes it fills.
  private func salvageRecord(
    _ run: (offset: Int, bytes: [UInt8]),
    at position: Int,
    _ sequences: Range<UInt64>
  ) -> Int? {
    let local = position - run.offset
    let bytes = run.bytes.span
    guard
      let record = try? Record(
        decoding: bytes,
        at: local,
        offset: UInt64(run.offset),
        checksum: checksum
      ),
      sequences.contains(record.head.sequence), segment.mayHold(record.head)
    else { return nil }
    let isWhole =
      !(record.head.type?.hasPayload ?? false)
      || (try? record.checkPayload(of: bytes, offset: UInt64(run.offset), checksum: checksum))
        != nil
    append(record, at: run.offset)
    if !isWhole {
      let damage = BlobDamage(.payload, slot: slot, offset: UInt64(position))
      damagedKeys.append((record.head.key, damage))
    }
    return max(record.head.footprint, StoreFormat.recordAlignment)
  }

  /// Whether the bytes behind the last good batch are anything but zeroes.
  var hasWrittenTail: Bool { !suspectPages.isEmpty || hasUnreadableTail }

  /// Whether a batch that names `digest` as the one before it may follow the last one here, or
  /// follow the one before: the last may have been written again elsewhere.
  func mayPrecede(_ digest: UInt64) -> Bool {
    digest == segment.lastDigest || digest == digestBeforeLast
      || (segment.batchCount == 1 && digest == segment.firstPreviousDigest)
  }

  /// The suspect range at the end is damage after all.
  func condemnTail(upTo sequence: UInt64) {
    guard let start = suspectStart else { return }
    damagedBatchCount += 1
    segment.damagedRanges.append(start..<limit)
    let first = max(segment.lastSequence + 1, segment.leastSequence)
    salvage(start..<limit, sequences: first..<max(sequence, first))
    suspectStart = nil
  }
}
