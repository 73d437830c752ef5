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
/// have been torn. Between pieces of large blobs a crash may leave holes: there it was damage only
/// if a later batch says that what stood there was durable.
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
  private var suspectPages: [SuspectPage] = []
  /// Whether the first bad checksum ends the segment: a breakage.
  let stopsAtFirstDoubt: Bool
  var isOver = false
  /// Whether the device failed on a page since the last good batch.
  var hasUnreadableTail = false
  /// The last good batches, the newest behind.
  private var newest: [(digest: UInt64, number: UInt32)] = []
  /// What does not verify between good batches, and may never have been durable.
  var holes: [Hole] = []
  /// What is kept of a suspect range: as much as two batches fill.
  private static let suspectPageLimit = 2048
  /// A batch names one that came at most ``LogLane/largeUnderWayLimit`` before it.
  private static let newestLimit = 16

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
        proveHoles(by: head)
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

  /// Something valid follows: what was doubted had been committed, and is damaged, unless several
  /// batches were under way when the crash came.
  private func settleSuspect(before head: BatchHead) {
    guard suspectStart != nil || segment.batchCount != head.number else { return }
    let first = max(segment.lastSequence + 1, segment.leastSequence)
    let hole = Hole(
      range: (suspectStart ?? position)..<position,
      pages: suspectPages,
      number: segment.batchCount,
      batchCount: max(1, Int(head.number) - Int(segment.batchCount)),
      sequences: first..<max(head.firstSequence, first)
    )
    let isDamage = hasUnreadableTail || isDamage(hole, before: head)
    suspectStart = nil
    suspectPages = []
    sawMarker = false
    hasUnreadableTail = false
    isDamage ? condemn(hole) : keep(hole)
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
    segment.batchCount = head.number + 1
    segment.lastSequence = max(segment.lastSequence, head.lastSequence)
    segment.lastDigest = head.digest(in: segment.identity, at: UInt64(position))
    newest.append((segment.lastDigest, head.number))
    if newest.count >= 2 * Self.newestLimit { newest.removeFirst(Self.newestLimit) }
    segment.end = position + head.batchByteCount
  }

  func append(_ record: Record, at base: Int) {
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

  /// Whether the bytes behind the last good batch are anything but zeroes.
  var hasWrittenTail: Bool { !suspectPages.isEmpty || hasUnreadableTail }

  /// Whether a batch that names `digest` as the one before it may follow the last one here, or
  /// follow one of those before: what came behind that may have been written again elsewhere.
  func mayPrecede(_ digest: UInt64) -> Bool {
    if segment.batchCount == 1, digest == segment.firstPreviousDigest { return true }
    guard let number = number(ofBatch: digest) else { return false }
    let limit = segment.lane == .large ? LogLane.largeUnderWayLimit : 1
    return Int(segment.batchCount) - 1 - Int(number) <= limit
  }

  /// The number of one of the last good batches, or nil.
  func number(ofBatch digest: UInt64) -> UInt32? {
    newest.last { $0.digest == digest }?.number
  }

  /// The suspect range at the end is damage after all.
  func condemnTail(upTo sequence: UInt64) {
    guard let start = suspectStart else { return }
    damagedBatchCount += 1
    segment.damagedRanges.append(start..<limit)
    let first = max(segment.lastSequence + 1, segment.leastSequence)
    salvage(suspectPages, start..<limit, sequences: first..<max(sequence, first))
    suspectStart = nil
  }
}
