import Bytes
package import Codec

/// The first page of an index partition's file.
///
/// ```
///    0  magic "LARDERCP"          8    64  log position                24
///    8  version                   4    88  written, ms since 1970       8
///   12  partition                 4    96  time mark count              4
///   16  store id                 16   100  zero                         4
///   32  checkpoint id             8   104  time marks (time, sequence) 16 each, up to 128
///   40  generation id             8  2152  zero
///   48  epoch                     8  4080  XXH3-128                    16
///   56  entry count               8
/// ```
///
/// Invariants:
///
/// 1. The digest, under the store's secret, covers the partition number.
/// 2. Of a partition's two files, the older generation is the one that is written next; a partition
///    whose newer file is bad is rebuilt, since the log since the older one may be gone.
/// 3. All records with a sequence below the log position's are reflected in the entries.
/// 4. Pages of entries follow the header, each with the generation id in its digest.
package struct CheckpointHeader: Hashable, Sendable {
  package static let byteCount = StoreFormat.pageByteCount
  /// The most time marks in one header.
  package static let maximumTimeMarkCount = 128

  package var partition: UInt8
  package var storeID: StoreIdentifier
  package var checkpointID: UInt64
  /// Raised each time that this partition is written.
  package var generationID: UInt64
  package var epoch: UInt64
  package var entryCount: UInt64
  package var position: LogPosition
  package var writtenMilliseconds: UInt64
  /// The newest last.
  package var timeMarks: [TimeMark]

  /// Describes a partition's file.
  ///
  /// - Precondition: there are at most 128 time marks.
  package init(
    partition: UInt8,
    storeID: StoreIdentifier,
    checkpointID: UInt64,
    generationID: UInt64,
    epoch: UInt64,
    entryCount: UInt64,
    position: LogPosition,
    writtenMilliseconds: UInt64,
    timeMarks: [TimeMark] = []
  ) {
    precondition(timeMarks.count <= Self.maximumTimeMarkCount, "the time marks fit the page")
    self.partition = partition
    self.storeID = storeID
    self.checkpointID = checkpointID
    self.generationID = generationID
    self.epoch = epoch
    self.entryCount = entryCount
    self.position = position
    self.writtenMilliseconds = writtenMilliseconds
    self.timeMarks = timeMarks
  }

  /// Returns the page.
  package func encode(checksum: Checksum) -> [UInt8] {
    var page = SealedPage.checkpoint.begin()
    page.append(UInt32(partition))
    page.append(storeID.value)
    page.append(checkpointID)
    page.append(generationID)
    page.append(epoch)
    page.append(entryCount)
    page.append(position)
    page.append(writtenMilliseconds)
    page.append(UInt32(timeMarks.count))
    page.append(UInt32(0))
    for mark in timeMarks {
      page.append(mark.milliseconds)
      page.append(mark.sequence)
    }
    return SealedPage.checkpoint.seal(page, at: 0, owner: UInt64(partition), checksum: checksum)
  }

  /// Reads the first page of the file of `partition`.
  ///
  /// - Throws: what is wrong with it. The caller still compares store and checkpoint id.
  package init(
    decoding page: Span<UInt8>,
    partition: UInt8,
    checksum: Checksum
  ) throws(FormatError) {
    var fields = try SealedPage.checkpoint.open(
      page,
      at: 0,
      owner: UInt64(partition),
      checksum: checksum
    )
    guard fields.next(UInt32.self, in: page) == UInt32(partition) else {
      throw FormatError(.misplaced, in: .checkpointHeader, at: 0)
    }
    self.partition = partition
    self.storeID = StoreIdentifier(value: fields.next(UInt128.self, in: page))
    self.checkpointID = fields.next(UInt64.self, in: page)
    self.generationID = fields.next(UInt64.self, in: page)
    self.epoch = fields.next(UInt64.self, in: page)
    self.entryCount = fields.next(UInt64.self, in: page)
    self.position = fields.logPosition(in: page)
    self.writtenMilliseconds = fields.next(UInt64.self, in: page)
    let markCount = Int(fields.next(UInt32.self, in: page))
    let gap = fields.next(UInt32.self, in: page)
    guard markCount <= Self.maximumTimeMarkCount, entryCount <= CheckpointPages.maximumEntryCount
    else {
      throw FormatError(.lengthOutOfBounds, in: .checkpointHeader, at: 0)
    }
    self.timeMarks = []
    for _ in 0..<markCount {
      let milliseconds = fields.next(UInt64.self, in: page)
      let mark = TimeMark(
        milliseconds: milliseconds,
        sequence: fields.next(UInt64.self, in: page)
      )
      if let last = timeMarks.last, mark.milliseconds < last.milliseconds {
        throw FormatError(.outOfOrder, in: .checkpointHeader, at: 0)
      }
      timeMarks.append(mark)
    }
    guard gap == 0, fields.passZeroes(upTo: StoreFormat.pageDigestOffset, in: page) else {
      throw FormatError(.reservedNotZero, in: .checkpointHeader, at: 0)
    }
  }
}
