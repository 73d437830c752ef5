import Bytes
import Codec
import Disk

/// Loading a checkpoint: the partitions that the superblock vouches for.
///
/// A partition is taken from the newest of its two files that is not newer than the checkpoint.
/// When the other file cannot be read and the one that can is older than the checkpoint, the
/// unreadable one may be what counts; then, and when there is no file, the partition is
/// rebuilt from the log.
///
/// A file that is newer than the checkpoint is of one that was not finished. It says where copies
/// are that count for nothing, so the partition is written anew, over it, before a later checkpoint
/// could seem to vouch for it.
extension Engine {
  mutating func loadCheckpoint(_ recovery: Recovery) {
    checkpoints.lastFinished = superblock.checkpointID
    checkpoints.lastStarted = superblock.checkpointID
    recovery.position = superblock.checkpointPosition.sequence
    nextSequence = max(nextSequence, recovery.position)
    recovery.rebuilt = Set(0...UInt8.max)
    for case (.checkpoint(let partition, let second), let byteCount) in recovery.files {
      checkpoints.files[Int(partition)][second] = byteCount
      recovery.rebuilt.remove(partition)
    }
    let written = (0...UInt8.max).filter { !recovery.rebuilt.contains($0) }
    loadNext(written[...], recovery)
  }

  /// Loads partitions, some at a time.
  private mutating func loadNext(_ partitions: ArraySlice<UInt8>, _ recovery: Recovery) {
    guard !partitions.isEmpty else { return walkSegments(recovery) }
    let group = partitions.prefix(16)
    let candidates = group.flatMap { partition in
      [false, true].compactMap { second in candidate(partition, second) }
    }
    submitAll(candidates.map(\.readHeader)) { engine, results in
      let headers = zip(candidates, results).map { candidate, result in
        candidate.withHeader(result, engine.checksum, engine.superblock)
      }
      let chosen = group.compactMap { engine.choose($0, headers, recovery) }
      engine.loadPages(chosen, recovery) { engine in
        engine.loadNext(partitions.dropFirst(group.count), recovery)
      }
    }
  }

  private func candidate(_ partition: UInt8, _ second: Bool) -> PartitionCandidate? {
    guard let byteCount = checkpoints.files[Int(partition)][second],
      byteCount >= UInt64(CheckpointHeader.byteCount),
      byteCount % UInt64(StoreFormat.pageByteCount) == 0
    else { return nil }
    return PartitionCandidate(
      partition: partition,
      second: second,
      byteCount: byteCount,
      page: makeBuffer(CheckpointHeader.byteCount)
    )
  }

  /// Picks the file of a partition that counts, or sends the partition to be rebuilt.
  private mutating func choose(
    _ partition: UInt8,
    _ all: [PartitionCandidate],
    _ recovery: Recovery
  ) -> PartitionCandidate? {
    let mine = all.filter { $0.partition == partition }
    for candidate in mine {
      let files = checkpoints.files[Int(partition)]
      if let header = candidate.header {
        note(header, recovery)
      }
      checkpoints.lastStarted = max(checkpoints.lastStarted, candidate.header?.checkpointID ?? 0)
      checkpoints.files[Int(partition)].generation = max(
        files.generation,
        candidate.header?.generationID ?? 0
      )
    }
    let vouched = mine.filter { ($0.header?.checkpointID ?? .max) <= superblock.checkpointID }
    // One that no superblock came to vouch for would seem to be vouched for by the next.
    if mine.contains(where: { ($0.header?.checkpointID ?? 0) > superblock.checkpointID }) {
      checkpoints.markDirty(partition)
    }
    let newest = vouched.max {
      ($0.header?.checkpointID ?? 0) < ($1.header?.checkpointID ?? 0)
    }
    let isSure =
      newest?.header?.checkpointID == superblock.checkpointID
      || mine.allSatisfy { $0.header != nil || $0.isBlank }
    guard let newest, isSure else {
      recovery.rebuilt.insert(partition)
      return nil
    }
    return newest
  }

  /// Learns from a header when what was written.
  ///
  /// The marks of one of the newest checkpoint's partitions are those of all.
  private mutating func note(_ header: CheckpointHeader, _ recovery: Recovery) {
    note(header.writtenMilliseconds, sequence: header.position.sequence)
    guard header.checkpointID == superblock.checkpointID, !recovery.knowsMarks else { return }
    recovery.knowsMarks = true
    for mark in header.timeMarks { note(mark.milliseconds, sequence: mark.sequence) }
  }

  private mutating func loadPages(
    _ chosen: [PartitionCandidate],
    _ recovery: Recovery,
    then: @escaping (inout Engine) -> Void
  ) {
    let buffers = chosen.map { makeBuffer(max($0.pagesByteCount, StoreFormat.pageByteCount)) }
    let readable = zip(chosen, buffers).filter { $0.0.pagesByteCount > 0 }
    submitAll(readable.map { $0.0.readPages(into: $0.1) }) { engine, results in
      var failed: Set<UInt8> = []
      for (result, pair) in zip(results, readable) {
        if case .failure = result { failed.insert(pair.0.partition) }
      }
      for (candidate, buffer) in zip(chosen, buffers) {
        engine.load(candidate, failed.contains(candidate.partition) ? nil : buffer, recovery)
      }
      then(&engine)
    }
  }

  private mutating func load(
    _ candidate: PartitionCandidate,
    _ buffer: DiskBuffer?,
    _ recovery: Recovery
  ) {
    guard let header = candidate.header, let buffer,
      let partition = IndexPartition(
        buffer.span.extracting(0..<candidate.pagesByteCount),
        header: header,
        checksum: checksum,
        mayHoldDeleted: superblock.features.contains(.delayedDeletes)
      )
    else {
      recovery.rebuilt.insert(candidate.partition)
      return log(
        .alarm,
        "Partition \(candidate.partition) of the index is damaged; the log rebuilds it."
      )
    }
    index.load(partition, into: candidate.partition)
    checkpoints.files[Int(candidate.partition)].current = candidate.second
  }
}

extension IndexPartition {
  /// Reads the pages of a checkpoint's partition; nil when any is damaged.
  fileprivate init?(
    _ pages: Span<UInt8>,
    header: CheckpointHeader,
    checksum: Checksum,
    mayHoldDeleted: Bool
  ) {
    self.init()
    reserve(min(Int(clamping: header.entryCount), pages.count / IndexEntry.byteCount))
    var holdsDeleted = false
    do throws(FormatError) {
      try CheckpointPages.forEach(in: pages, header: header, checksum: checksum) {
        if $0.place.isDeleted { holdsDeleted = true }
        insert($0.fingerprint, $0.place)
      }
    } catch {
      return nil
    }
    if holdsDeleted, !mayHoldDeleted { return nil }
  }
}

/// One of a partition's two files, and what its first page says.
struct PartitionCandidate {
  let partition: UInt8
  let second: Bool
  let byteCount: UInt64
  let page: DiskBuffer
  var header: CheckpointHeader?
  /// Whether the first page was never written.
  var isBlank = false

  private var file: StoreFile { .checkpoint(partition: partition, second: second) }

  var readHeader: DiskOperation {
    .read(
      file,
      offset: 0,
      byteCount: CheckpointHeader.byteCount,
      into: page,
      bufferOffset: 0,
      .direct
    )
  }

  func withHeader(
    _ result: Result<Int, DiskError>,
    _ checksum: Checksum,
    _ superblock: Superblock
  ) -> PartitionCandidate {
    guard case .success = result else { return self }
    var copy = self
    let span = page.span.extracting(0..<CheckpointHeader.byteCount)
    copy.isBlank = span.isZero
    let header = try? CheckpointHeader(decoding: span, partition: partition, checksum: checksum)
    copy.header = header?.storeID == superblock.storeID ? header : nil
    return copy
  }

  /// The bytes of the pages, or none when the header counts more than the file has.
  var pagesByteCount: Int {
    guard let count = header.flatMap({ Int(exactly: $0.entryCount) }),
      UInt64(CheckpointPages.fileByteCount(entryCount: count)) <= byteCount
    else { return 0 }
    return CheckpointPages.byteCount(entryCount: count)
  }

  func readPages(into buffer: DiskBuffer) -> DiskOperation {
    .read(
      file,
      offset: CheckpointPages.offset,
      byteCount: pagesByteCount,
      into: buffer,
      bufferOffset: 0,
      .direct
    )
  }
}
