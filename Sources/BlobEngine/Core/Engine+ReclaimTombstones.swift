import Bytes

/// Which tombstones go along: those that keep an older record buried (`engine.md` 9.2).
///
/// Ids of segments say nothing here, since copies of old records lie in young segments. So what is
/// asked is what matters: does any other segment list a record of the key with a lower sequence?
/// A segment counts until its header is gone, dead or not, because it would be read again if
/// the index had to be rebuilt.
extension Engine {
  /// Gathers the tombstones and touches of a victim that have to outlive it.
  ///
  /// Those of blobs whose bytes are kept go along in any case: they say since when.
  mutating func keepTombstones(of run: ReclaimRun) {
    var tombstones = run.tombstones ?? [:]
    run.tombstones = nil
    for touch in run.touches.values.sorted() { gather(touch, run) }
    let delayed = tombstones.values.filter { keepsBytes(of: $0.key) }.sorted()
    for tombstone in delayed {
      gather(tombstone, run)
      tombstones[tombstone.key] = nil
    }
    reclaim.counters.keptTombstoneCount += UInt64(delayed.count)
    guard !breakages.contains(.dropTombstoneEarly), !tombstones.isEmpty else { return stepped(run) }
    let others = slots.numbers.filter { $0 != run.slot && mayHoldRecords(slots[$0]) }
    guard isWorthLooking(for: tombstones.count, in: others) else {
      return keep(Array(tombstones.values), of: tombstones.count, run)
    }
    look(in: others[...], TombstoneSearch(tombstones), run)
  }

  private func keepsBytes(of key: SHA256Digest) -> Bool {
    !breakages.contains(.dropDelayedTombstone) && deletedPlace(of: key) != nil
  }

  private func mayHoldRecords(_ slot: Slot) -> Bool {
    slot.mayHoldAnything || (slot.segment.map { $0.lane != .large } ?? false)
  }

  /// Reading what all others list costs more than carrying a few tombstones along.
  private func isWorthLooking(for count: Int, in others: [UInt32]) -> Bool {
    let listed = others.reduce(0) { $0 + (slots[$1].segment?.footer?.byteCount ?? 0) }
    return count * (RecordHead.byteCount + FooterEntry.byteCount) >= listed / 64
  }

  /// Looks through the lists of other segments, one after the other.
  private mutating func look(
    in others: ArraySlice<UInt32>,
    _ search: TombstoneSearch,
    _ run: ReclaimRun
  ) {
    guard let number = others.first, !search.isOver else {
      return keep(search.needed, of: search.count, run)
    }
    let rest = others.dropFirst()
    guard let segment = slots[number].segment, !slots[number].mayHoldAnything,
      segment.damagedRanges.isEmpty
    else {
      // What cannot be read may hold anything; a slot freed since holds nothing.
      if slots[number].mayHoldAnything || slots[number].segment != nil { search.needAll() }
      return look(in: rest, search, run)
    }
    guard segment.firstSequence < search.newest else { return look(in: rest, search, run) }
    slots[number].readerCount += 1
    entries(of: number) { engine, entries in
      engine.slots[number].readerCount -= 1
      engine.reclaim.mayHaveDeadSlots = true
      search.compare(entries)
      engine.look(in: rest, search, run)
    }
  }

  private mutating func keep(_ tombstones: [FooterEntry], of count: Int, _ run: ReclaimRun) {
    reclaim.counters.keptTombstoneCount += UInt64(tombstones.count)
    reclaim.counters.droppedTombstoneCount += UInt64(count - tombstones.count)
    for tombstone in tombstones.sorted() { gather(tombstone, run) }
    stepped(run)
  }

  private mutating func gather(_ entry: FooterEntry, _ run: ReclaimRun) {
    run.append(ReclaimCopy(record: RelocatedRecord(entry)) { engine, _, then in then(&engine) })
  }
}

extension Slot {
  /// Whether records may be here that nobody knows of: what cannot be read, and what a power cut
  /// would bring back while its header is being taken away.
  fileprivate var mayHoldAnything: Bool { state == .lost || state == .wiping }
}

/// Tombstones, and what was found of what they bury.
private final class TombstoneSearch {
  private var undecided: [SHA256Digest: FooterEntry]
  private(set) var needed: [FooterEntry] = []
  let count: Int
  /// No tombstone is newer.
  let newest: UInt64

  init(_ tombstones: [SHA256Digest: FooterEntry]) {
    undecided = tombstones
    count = tombstones.count
    newest = tombstones.values.map(\.sequence).max() ?? 0
  }

  var isOver: Bool { undecided.isEmpty }

  /// Looks for older records of the keys.
  func compare(_ entries: [FooterEntry]) {
    for entry in entries where entry.type.isOfBlob {
      guard let tombstone = undecided[entry.key], entry.sequence < tombstone.sequence else {
        continue
      }
      needed.append(tombstone)
      undecided[entry.key] = nil
    }
  }

  /// Nothing can be ruled out.
  func needAll() {
    needed += undecided.values
    undecided = [:]
  }
}
