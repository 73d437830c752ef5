import Bytes
import Codec
import Disk

/// Where a lookup of a key ended.
enum Finding {
  case absent
  case found(FetchedRecord, IndexPlace)
  /// There is an entry, and what it leads to cannot be read.
  case damaged(BlobDamage, IndexPlace)
}

/// Which blobs a lookup is about.
enum Existence {
  /// Those that are there.
  case present
  /// Those that are deleted, and whose bytes are kept.
  case deleted
  case either

  func admits(_ place: IndexPlace) -> Bool {
    switch self {
    case .present: !place.isDeleted
    case .deleted: place.isDeleted
    case .either: true
    }
  }
}

/// From a key to a record: the index yields candidates, the record's head decides.
extension Engine {
  func indexKey(_ key: SHA256Digest) -> IndexKey { IndexKey(key, checksum: checksum) }

  /// Looks a blob up and reads as much of its record as `extent` says.
  mutating func find(
    _ key: SHA256Digest,
    _ extent: FetchExtent,
    among existence: Existence = .present,
    then: @escaping (inout Engine, Finding) -> Void
  ) {
    if existence != .deleted, let early = unflushed[key],
      let found = early.fetched(extent, key, checksum)
    {
      return then(&self, .found(found, early.indexPlace))
    }
    let lookup = Lookup(name: .key(key), extent: extent, existence: existence)
    tryCandidate(0, of: key, lookup, damage: nil, then)
  }

  /// Looks a chunk up and reads as much of it as `extent` says.
  mutating func findChunk(
    _ key: SHA256Digest,
    _ extent: FetchExtent,
    fromDisk: Bool = false,
    then: @escaping (inout Engine, Finding) -> Void
  ) {
    let lookup = Lookup(name: .chunk(key), extent: extent, fromDisk: fromDisk)
    tryCandidate(0, of: key, lookup, damage: nil, then)
  }

  private mutating func tryCandidate(
    _ number: Int,
    of key: SHA256Digest,
    _ lookup: Lookup,
    damage: (BlobDamage, IndexPlace)?,
    _ then: @escaping (inout Engine, Finding) -> Void
  ) {
    guard let place = index.candidate(for: indexKey(key), number: number) else {
      return then(&self, damage.map { .damaged($0.0, $0.1) } ?? .absent)
    }
    guard lookup.existence.admits(place) else {
      return tryCandidate(number + 1, of: key, lookup, damage: damage, then)
    }
    guard slots.contains(place.slot), slots[place.slot].segment != nil else {
      let missing = BlobDamage(.unreadable, slot: place.slot, offset: place.offset)
      return tryCandidate(number + 1, of: key, lookup, damage: (missing, place), then)
    }
    fetch(
      FetchPlace(place),
      named: lookup.name,
      lookup.extent,
      fromDisk: lookup.fromDisk
    ) { engine, outcome in
      switch outcome {
      case .found(let record): then(&engine, .found(record, place))
      case .other: engine.tryCandidate(number + 1, of: key, lookup, damage: damage, then)
      case .damaged(let found):
        engine.tryCandidate(number + 1, of: key, lookup, damage: (found, place), then)
      }
    }
  }

  /// Remembers that a blob cannot be read, and tells the operator, once.
  mutating func noteDamage(_ damage: BlobDamage, to key: SHA256Digest) {
    guard damaged.updateValue(damage, forKey: key) == nil else { return }
    log(.alarm, "Blob \(key) is damaged: \(damage).")
  }
}

/// What is looked for at the places that the index yields.
private struct Lookup {
  let name: FetchName
  let extent: FetchExtent
  var existence = Existence.present
  /// Whether what is in memory does not count.
  var fromDisk = false
}

extension FetchPlace {
  init(_ place: IndexPlace) {
    self.init(
      slot: place.slot,
      offset: Int(place.offset),
      byteCountBound: Int(clamping: place.readByteCount)
    )
  }

  init(_ place: RecordPlace) {
    self.init(slot: place.slot, offset: place.offset, byteCountBound: place.byteCount)
  }
}

extension UnflushedRecord {
  /// The record out of the buffer that it is being written from.
  func fetched(
    _ extent: FetchExtent,
    _ key: SHA256Digest,
    _ checksum: Checksum
  ) -> FetchedRecord? {
    let fetch = Fetch(
      place: FetchPlace(place),
      name: .key(key),
      extent: extent,
      buffer: batch.buffer
    )
    let result = fetch.verified(
      at: place.offset - batch.offset,
      readable: batch.byteCount,
      by: Verifier(checksum: checksum, isTrusting: false)
    )
    guard case .success(.found(let record)) = result else { return nil }
    return record
  }

  var indexPlace: IndexPlace {
    IndexPlace(
      slot: place.slot,
      offset: UInt64(place.offset),
      recordByteCount: UInt64(place.byteCount),
      kind: .blob
    )
  }
}
