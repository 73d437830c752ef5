import Bytes
import Disk

/// Room for checkpoints on a file system that has none left.
///
/// Slots of deleted blobs come back with a checkpoint only, so a checkpoint must not need space
/// when there is none. While there is space, a partition's file is made as it is needed. Once the
/// file system has refused a file, three rules hold:
///
/// 1. Each partition's two files are brought to a length that leaves room to grow: a free slot that
///    is kept for this gives its space to them. All 512 take 4 MiB for up to 30,000 blobs, and 16
///    bytes more for each blob beyond, so that one slot of a store of this size is enough.
/// 2. A put whose entry would outgrow its partition's files is refused, as if the store were full.
/// 3. Reclaim leaves a free slot to the files as long as they are too short.
///
/// Deletes and reclaim never make a partition longer.
extension Engine {
  /// Whether a partition's files are long enough for what it holds and for entries to come.
  func hasCheckpointRoom(_ partition: UInt8, forMore count: Int = 0) -> Bool {
    let entryCount = index.partition(partition).count + count
    let files = checkpoints.files[Int(partition)]
    guard entryCount > 0 || files.byteCounts.contains(where: { $0 != nil }) else { return true }
    return files.commonByteCount >= UInt64(CheckpointPages.fileByteCount(entryCount: entryCount))
  }

  /// Whether every partition's files are.
  var hasCheckpointRoom: Bool { (0...UInt8.max).allSatisfy { hasCheckpointRoom($0) } }

  /// Whether a put would leave the index longer than what can be written down of it.
  mutating func wouldOutgrowCheckpoint(_ key: SHA256Digest) -> Bool {
    guard slots.isOutOfSpace, !isProbing else { return false }
    let partition = indexKey(key).partition
    guard !hasCheckpointRoom(partition, forMore: 1 + Self.entriesUnderWay) else { return false }
    wantCheckpointRoom(of: partition)
    return true
  }

  /// The puts of one partition that may be under way together; what is too much for that is
  /// refused a page too early.
  private static var entriesUnderWay: Int { 64 }

  /// The file system is full: sees to it that checkpoints need nothing of it any more.
  mutating func ranOutOfSpace() {
    slots.ranOutOfSpace()
    wantCheckpointRoom()
  }

  /// Has the files made longer that are too short, by one or two checkpoints, if a slot can be
  /// spared for that.
  mutating func wantCheckpointRoom(of more: UInt8? = nil) {
    guard slots.isOutOfSpace else { return }
    var short = (0...UInt8.max).filter { !hasCheckpointRoom($0) }
    slots.needsRoomForCheckpoints = !short.isEmpty
    guard slots.canSpareOne, !checkpoints.hasFailed else { return }
    if let more { short.append(more) }
    guard !short.isEmpty else { return }
    for partition in short { checkpoints.markDirty(partition) }
    checkpoints.isWanted = true
  }

  /// How long a partition's file is to be: what it needs, and half as much again where it has grown
  /// before; on a full file system as much as for half as many entries again, in whole pages.
  func wantedByteCount(of job: PartitionJob, grows: Bool) -> UInt64 {
    if slots.isOutOfSpace {
      let entryCount = job.entryCount + job.entryCount / 2 + 1 + Self.entriesUnderWay
      return UInt64(CheckpointPages.fileByteCount(entryCount: entryCount))
    }
    guard grows else { return job.byteCount }
    return UInt64(StoreFormat.roundUp(Int(job.byteCount) * 3 / 2, to: StoreFormat.pageByteCount))
  }
}
