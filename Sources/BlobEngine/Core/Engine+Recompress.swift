import Bytes
import Codec
import Disk

/// Payloads that reclaim copies are compressed again on their way, at a higher level.
///
/// ```
///  read and verified ──▶ compressed elsewhere ──▶ opened again, same bytes? ──▶ cold lane, durable
///                                                                                     │
///                    index or list leads to the copy ◀── read back, as it was made ◀──┘
/// ```
///
/// A copy says what its original says, in other frames: it keeps the sequence, so everything that
/// holds for copies holds for it. It is compared with the original before it is written, because a
/// replay may believe any copy that is durable; and read back before the original is given up.
/// What was tried is noted in the copy's record, whatever came of it, so that the next copy of it
/// is made as it is; what is encrypted with a key that nobody uses now was not tried.
extension Engine {
  /// Payloads of fewer bytes are left alone: of a KiB a place in the log is seldom saved.
  private static var leastRecompressedByteCount: UInt64 { 1024 }

  /// Whether a record's payload is worth trying to compress again, now that it is copied.
  ///
  /// Not while room is scarce: then slots are wanted soon.
  func mayCompressAgain(_ record: Record) -> Bool {
    guard options.recompressesCopies, mode == .running, !isPressedForRoom else { return false }
    return (record.head.type == .blob || record.head.type == .extent)
      && record.head.codec == .zstandard
      && record.head.storedByteCount >= Self.leastRecompressedByteCount
      && record.items.compressionLevel.map { $0 < ZstandardCompressor.coldLevel } ?? true
  }

  /// Makes copies of records, of which those that it may help are compressed again elsewhere.
  ///
  /// - Parameters:
  ///   - records: what was read and verified.
  ///   - then: takes the copies, in the records' order; not called when the store has stopped
  ///     writing meanwhile.
  mutating func compressAgain(
    _ records: [FetchedRecord],
    then: @escaping (inout Engine, [RelocatedRecord]) -> Void
  ) {
    guard records.contains(where: { mayCompressAgain($0.record) }) else {
      return then(&self, records.map { RelocatedRecord($0) })
    }
    let work = records.map { mayCompressAgain($0.record) ? RecompressionSource($0) : nil }
    let id = RecompressionID(number: nextNumber())
    reclaim.recompressions[id] = { engine, results in
      var results = results[...]
      let copies = zip(records, work).map { record, source in
        source == nil
          ? RelocatedRecord(record) : engine.copy(record, results.popFirst() ?? Recompressed())
      }
      then(&engine, copies)
    }
    effects.append(
      .recompress(
        Recompression(
          id: id,
          sources: work.compactMap { $0 },
          level: ZstandardCompressor.coldLevel,
          store: superblock.storeID,
          checksum: checksum
        )
      )
    )
  }

  /// Goes on with what was compressed elsewhere.
  mutating func take(_ results: [Recompressed], of id: RecompressionID) {
    guard let goOn = reclaim.recompressions.removeValue(forKey: id), mode == .running else {
      return
    }
    goOn(&self, results)
  }

  private mutating func copy(
    _ fetched: FetchedRecord,
    _ result: Recompressed
  ) -> RelocatedRecord {
    guard result.isTried else { return RelocatedRecord(fetched) }
    let better = result.better.flatMap { isSame(result, as: fetched) ? $0 : nil }
    return RelocatedRecord(fetched, level: ZstandardCompressor.coldLevel, better)
  }

  /// Whether what was compressed again holds the bytes of the original, which are the blob's.
  private mutating func isSame(_ result: Recompressed, as fetched: FetchedRecord) -> Bool {
    guard !breakages.contains(.recompressionNotVerified) else { return true }
    let head = fetched.record.head
    let isBlob = head.type != .blob || result.name == head.key
    guard isBlob, result.rebuilt == result.name else {
      log(.alarm, "\(head.key), compressed again, is not what it was; it stays as it is.")
      return false
    }
    return true
  }

  // MARK: Reading back

  /// Reads a copy that was compressed again from the disk, and says whether it is there as it was
  /// made; of other copies that is taken for granted.
  mutating func readBack(
    _ copy: RelocatedRecord,
    at new: RecordPlace,
    then: @escaping (inout Engine, Bool) -> Void
  ) {
    guard copy.savedByteCount > 0 else { return then(&self, true) }
    slots[new.slot].readerCount += 1
    fetch(FetchPlace(new), named: .anything, .logical(nil), fromDisk: true) { engine, outcome in
      engine.slots[new.slot].readerCount -= 1
      engine.reclaim.mayHaveDeadSlots = true
      let isThere = copy.isSame(as: outcome, sequence: new.sequence)
      if isThere {
        engine.reclaim.counters.recompressedRecordCount += 1
        engine.reclaim.counters.recompressionSavedByteCount += UInt64(copy.savedByteCount)
      } else {
        engine.log(.alarm, "A copy in slot \(new.slot) cannot be read back; the blob stays put.")
      }
      then(&engine, isThere)
    }
  }
}

extension StoreOptions {
  /// Whether copies are compressed again: there is nothing to gain where nothing is compressed.
  var recompressesCopies: Bool { compresses && recompresses }
}

extension RelocatedRecord {
  /// Whether what was read is this copy.
  fileprivate func isSame(as outcome: FetchOutcome, sequence: UInt64) -> Bool {
    guard case .found(let fetched) = outcome else { return false }
    let record = fetched.record
    let bytes = fetched.buffer.span.extracting(record.payload)
    return record.head.key == head.key && record.head.sequence == sequence
      && record.head.payloadDigest == head.payloadDigest
      && bytes.hasSameBytes(as: payload.span)
  }
}
