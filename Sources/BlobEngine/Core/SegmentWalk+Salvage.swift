import Bytes
import Codec

/// A page that is no good batch.
typealias SuspectPage = (offset: Int, bytes: [UInt8])

extension SegmentWalk {
  /// Looks for single records that verify in a range where batches do not.
  ///
  /// Older incarnations of the slot left records too; they have lower sequences. So has what a blob
  /// holds that is a copy of the store's own files, but for copies of what other lanes wrote
  /// since the last good batch, and those are not of this lane. Before the first batch the header
  /// says how far the log was.
  func salvage(
    _ pages: [SuspectPage],
    _ range: Range<Int>,
    sequences: Range<UInt64>
  ) {
    guard !sequences.isEmpty else { return }
    var position = range.lowerBound
    for run in runs(of: pages) where run.offset < range.upperBound {
      position = max(position, run.offset)
      let end = run.offset + run.bytes.count
      while position < end {
        let length = salvageRecord(run, at: position, sequences)
        position += length ?? StoreFormat.recordAlignment
      }
    }
  }

  /// The suspect pages, joined where they follow one another.
  private func runs(of pages: [SuspectPage]) -> [SuspectPage] {
    var runs: [SuspectPage] = []
    for page in pages {
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
    _ run: SuspectPage,
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
}
