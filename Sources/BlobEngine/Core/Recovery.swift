import Bytes
import Disk

/// What an open has found out so far.
///
/// The order of the steps is in *Recovery*: superblock, survey of the slots, checkpoint, walks of
/// the unsealed segments, footers, tail rule, replay, flush.
final class Recovery {
  let request: RequestID
  let files: [StoreFile: UInt64]
  /// Whether the superblock says that the last run ended with a close.
  var wasClean = false
  var wasCreated = false
  /// What the closed run had given out, if it was one.
  var closedSequence: UInt64 = 0

  /// Why the store cannot be opened, found out on the way.
  var obstacle: DiskFailure?
  /// The slots whose batches must be read.
  var unsealed: [UInt32] = []
  /// The slots with a good trailer.
  var sealed: [UInt32] = []
  var trailers: [UInt32: Trailer] = [:]

  /// Where replay begins for the partitions that were loaded.
  var position: UInt64 = 0
  /// Whether the checkpoint's time marks were taken over.
  var knowsMarks = false
  /// The partitions that no file vouches for.
  var rebuilt: Set<UInt8> = []

  /// What the log says.
  ///
  /// One array, whose memory goes back to the system with it: the allocator keeps smaller ones.
  var changes: [ReplayedChange] = []
  /// Blobs whose record is there in part.
  var damagedKeys: [(SHA256Digest, BlobDamage)] = []
  var damagedBatchCount = 0
  /// The segments in which a walk found nothing.
  var emptied: [UInt32: Segment] = [:]
  /// The slots whose last batch was torn, or that ended where they should.
  var tornSlots: Set<UInt32> = []

  init(request: RequestID, files: [StoreFile: UInt64]) {
    self.request = request
    self.files = files
  }

  /// Takes note of what a footer or a walk lists.
  func collect(_ entry: FooterEntry, slot: UInt32, segment: UInt64, _ key: IndexKey) {
    changes.append(
      ReplayedChange(
        key: key,
        place: IndexPlace(entry, in: slot),
        sequence: entry.sequence,
        segment: segment
      )
    )
  }

  /// Whether an entry says more than the index that was loaded.
  func isNews(_ entry: FooterEntry) -> Bool {
    guard entry.type.isOfBlob || entry.type == .tombstone else {
      return false
    }
    return entry.sequence >= position || rebuilt.contains(entry.partition)
  }

  /// Takes the changes out, ordered by the partition of the index that they are for.
  ///
  /// - Returns: them, and where those of each partition end.
  func takeChanges() -> (changes: [ReplayedChange], ends: [Int]) {
    let taken = changes
    changes = []
    var ends = [Int](repeating: 0, count: StoreFormat.partitionCount)
    for change in taken { ends[Int(change.key.partition)] += 1 }
    for partition in ends.indices.dropFirst() { ends[partition] += ends[partition - 1] }
    var starts = [0] + ends.dropLast()
    guard let any = taken.first else { return ([], ends) }
    var ordered = [ReplayedChange](repeating: any, count: taken.count)
    for change in taken {
      ordered[starts[Int(change.key.partition)]] = change
      starts[Int(change.key.partition)] += 1
    }
    return (ordered, ends)
  }

  /// Whether a segment's footer must be read.
  func needsFooter(of trailer: Trailer) -> Bool {
    !rebuilt.isEmpty || trailer.lastSequence >= position
  }
}

/// A record that changed the index, as replay sees it: 48 bytes, since millions may be replayed.
struct ReplayedChange {
  let key: IndexKey
  /// Where the index should lead; nil: nowhere.
  let place: IndexPlace?
  let sequence: UInt64
  let segment: UInt64
}

extension FooterEntry {
  /// The index partition of the blob that the record is about.
  var partition: UInt8 { UInt8(truncatingIfNeeded: key.words.0 >> 56) }
}
