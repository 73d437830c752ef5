/// How the space of a store is used, and what keeping it so has cost since it was opened.
///
/// Bytes are those of the log: heads, tables and what fills pages up count as well as blobs.
public struct StoreUsage: Hashable, Sendable {
  /// The blobs in the store.
  public internal(set) var blobCount = 0
  /// The size of a segment, in bytes.
  public internal(set) var segmentByteCount: UInt64 = 0
  /// The slots that hold a segment, or are about to.
  public internal(set) var usedSegmentCount = 0
  /// The slots that have a file and hold nothing.
  public internal(set) var freeSegmentCount = 0
  /// The slots that there may be; nil: as many as the file system has room for.
  public internal(set) var segmentLimit: Int?
  /// The slots that only deletes and reclaim may take.
  public internal(set) var reservedSegmentCount = 0
  /// What lies in segments.
  public internal(set) var usedByteCount: UInt64 = 0
  /// What of that belongs to blobs, or to uploads under way.
  public internal(set) var liveByteCount: UInt64 = 0
  /// The deleted blobs whose bytes are kept, because their delay is not over.
  public internal(set) var delayedBlobCount = 0
  /// What of the used bytes belongs to those; of large ones as far as they were looked at since the
  /// open.
  public internal(set) var delayedByteCount: UInt64 = 0
  /// How many deleted blobs were given up before their delay was over, because the store was full.
  public internal(set) var earlyGivenUpBlobCount: UInt64 = 0
  /// What of that is of no use and comes back by reclaim.
  public internal(set) var deadByteCount: UInt64 = 0
  /// What lies in segments that are emptied and wait for a checkpoint.
  public internal(set) var emptiedByteCount: UInt64 = 0

  /// The bytes that were written for callers: blobs, heads, tombstones, and what fills pages up.
  public internal(set) var writtenByteCount: UInt64 = 0
  /// What of that fills pages up.
  public internal(set) var paddingByteCount: UInt64 = 0
  /// What of that are the tombstones of deleted blobs.
  public internal(set) var tombstoneByteCount: UInt64 = 0
  /// The bytes that reclaim has written.
  public internal(set) var movedByteCount: UInt64 = 0
  /// The bytes that checkpoints have written.
  public internal(set) var checkpointByteCount: UInt64 = 0
  /// The bytes that segments' headers and tables of contents took, and superblocks.
  public internal(set) var tableByteCount: UInt64 = 0
  /// The segments that reclaim has emptied by copying.
  public internal(set) var emptiedSegmentCount: UInt64 = 0
  /// The slots that were given back.
  public internal(set) var freedSegmentCount: UInt64 = 0
  /// The tombstones that reclaim has dropped.
  public internal(set) var droppedTombstoneCount: UInt64 = 0
  /// The records that reclaim had to leave where they are because they are damaged.
  public internal(set) var damagedRecordCount: UInt64 = 0

  /// Whether new bytes are refused.
  public internal(set) var isFull = false
  /// Whether so little room is left that reclaim goes before everything else.
  public internal(set) var isTight = false
  /// Whether reclaim is at work.
  public internal(set) var isReclaiming = false

  /// The share of the bytes in segments that is dead, from 0 to 1.
  public var deadShare: Double {
    usedByteCount == 0 ? 0 : Double(deadByteCount) / Double(usedByteCount)
  }

  /// What was written for each byte that callers had written: reclaim, checkpoints and tables
  /// included; 1 before anything was written.
  public var writeAmplification: Double {
    guard writtenByteCount > 0 else { return 1 }
    let all = writtenByteCount + movedByteCount + checkpointByteCount + tableByteCount
    return Double(all) / Double(writtenByteCount)
  }
}
