import Bytes
import Disk

/// A segment that is being emptied.
///
/// ```
///  entries ──▶ blobs, window by window ──▶ extents, blob by blob ──▶ tombstones ──▶ emptied
/// ```
///
/// A class, because the steps of a run wait for the disk one after the other.
final class ReclaimRun {
  let slot: UInt32
  let segmentID: UInt64
  /// How many requests of others end between two steps.
  let pause: Int
  /// Whether a step is under way.
  var isBusy = true
  /// What the segment lists of blobs, in the order of the log.
  var records: [FooterEntry] = []
  /// The first of them that was not looked at.
  var next = 0
  /// The large blobs with extents here.
  var owners: [SHA256Digest] = []
  /// The newest tombstone of each key, until it is known which are of use.
  var tombstones: [SHA256Digest: FooterEntry]?
  /// The newest touch of each key that is younger than the grace.
  private(set) var touches: [SHA256Digest: FooterEntry] = [:]
  /// What was read and is to be compressed again before it is copied.
  var compressible: [(record: FetchedRecord, place: IndexPlace)] = []
  /// Copies that wait until they are worth a batch.
  var copies: [ReclaimCopy] = []
  var copiesByteCount = 0
  /// How many copies are on their way to the log.
  var underWay = 0
  /// Why the run cannot go on.
  var failure: EngineError?

  init(slot: UInt32, segmentID: UInt64, pause: Int) {
    self.slot = slot
    self.segmentID = segmentID
    self.pause = pause
  }

  /// Sorts what the segment lists.
  func take(_ entries: [FooterEntry], touchesSince sequence: UInt64) {
    var tombstones: [SHA256Digest: FooterEntry] = [:]
    for entry in entries {
      switch entry.type {
      case .blob, .blobOf, .recipe: records.append(entry)
      case .tombstone:
        if let other = tombstones[entry.key], other.sequence > entry.sequence { continue }
        tombstones[entry.key] = entry
      case .touch where entry.sequence >= sequence:
        if let other = touches[entry.key], other.sequence > entry.sequence { continue }
        touches[entry.key] = entry
      case .touch, .extent, .digests, .dictionary, .checkpointMark, .segmentRetired: break
      }
    }
    records.sort { $0.offset < $1.offset }
    self.tombstones = tombstones
  }

  /// Drops the touches of blobs that are gone: they keep nothing from being collected.
  func dropTouches(where isGone: (SHA256Digest) -> Bool) {
    touches = touches.filter { !isGone($0.key) }
  }

  func append(_ copy: ReclaimCopy) {
    copies.append(copy)
    copiesByteCount += copy.record.footprint
  }

  func takeCopies() -> [ReclaimCopy] {
    defer { (copies, copiesByteCount) = ([], 0) }
    return copies
  }
}

/// A record on its way to the cold lane.
struct ReclaimCopy {
  let record: RelocatedRecord
  /// Runs when the copy is durable; calls the second argument when it has done with it.
  let landed: (inout Engine, RecordPlace, @escaping (inout Engine) -> Void) -> Void
}

/// What a copy is made of.
struct RelocatedRecord {
  let head: RecordHead
  let tail: [UInt8]
  let payload: [UInt8]
  /// How much shorter the payload is than that of the original, being the same bytes in other
  /// frames; 0 where it is the original's.
  let savedByteCount: Int

  var footprint: Int { head.footprint }

  /// The record as it was read, with the sequence that it has.
  init(_ fetched: FetchedRecord) {
    let record = fetched.record
    var head = record.head
    head.flags.insert(.relocated)
    let start = record.position + RecordHead.byteCount
    self.head = head
    tail = fetched.buffer.bytes(in: start..<(start + head.extensionByteCount))
    payload = head.storedByteCount == 0 ? [] : fetched.buffer.bytes(in: record.payload)
    savedByteCount = 0
  }

  /// The record as above, noted as tried at a level, with the payload that came of it if any.
  init(_ fetched: FetchedRecord, level: Int32, _ better: StoredBytes?) {
    let record = fetched.record
    var items = record.items
    items.compressionLevel = UInt32(level)
    var head = record.head
    head.flags.insert(.relocated)
    if let better {
      items.frames = better.items.frames
      items.blockDigests = better.items.blockDigests
      items.seal = better.items.seal
      items.tags = better.items.tags
      head.storedByteCount = UInt64(better.payload.count)
      head.payloadDigest = better.digest
    }
    tail = items.encode()
    head.extensionByteCount = tail.count
    self.head = head
    payload = better.map { Array($0.payload) } ?? fetched.buffer.bytes(in: record.payload)
    savedByteCount = record.payload.count - payload.count
  }

  /// A record that is a head and no more: a tombstone or a touch.
  init(_ entry: FooterEntry) {
    head = RecordHead(
      type: entry.type,
      flags: entry.flags.union(.relocated),
      sequence: entry.sequence,
      key: entry.key,
      scope: entry.scope
    )
    tail = []
    payload = []
    savedByteCount = 0
  }
}
