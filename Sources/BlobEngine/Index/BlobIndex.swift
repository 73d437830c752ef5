/// Where every blob is: a table in memory of at most 24 bytes a blob, no object and no pointer an
/// entry.
///
/// A lookup yields candidates, which the caller confirms by the full key in the record's head. The
/// 256 partitions, by the first byte of the key, grow one at a time, so that growing takes neither
/// much memory nor long. A value without locks: whoever owns it orders its readers and writers.
package struct BlobIndex: Sendable {
  private var partitions = [IndexPartition](
    repeating: IndexPartition(),
    count: StoreFormat.partitionCount
  )

  package init() {}

  /// The blobs in the index.
  ///
  /// - Complexity: O(256).
  package var count: Int { partitions.reduce(0) { $0 + $1.count } }

  /// The bytes that the tables take.
  package var byteCount: Int {
    partitions.reduce(0) { $0 + $1.byteCount + MemoryLayout<IndexPartition>.stride }
  }

  /// Returns the candidate that comes `number`-th, from 0, or nil when there are no more.
  ///
  /// Asking again is cheap, and right after a change of the index too: read the record of
  /// candidate 0, and only if its key differs ask for candidate 1.
  package func candidate(for key: IndexKey, number: Int = 0) -> IndexPlace? {
    partitions[Int(key.partition)].candidate(for: key.fingerprint, number: number)
  }

  /// Returns all candidates; nearly always none or one.
  package func candidates(for key: IndexKey) -> [IndexPlace] {
    var places: [IndexPlace] = []
    while let place = candidate(for: key, number: places.count) { places.append(place) }
    return places
  }

  /// Adds an entry, beside others of the same fingerprint: the caller has made sure that none of
  /// those is the same blob.
  package mutating func insert(_ key: IndexKey, _ place: IndexPlace) {
    partitions[Int(key.partition)].insert(key.fingerprint, place)
  }

  /// Adds an entry, or puts it in the place of candidate 0.
  package mutating func put(_ key: IndexKey, _ place: IndexPlace) {
    partitions[Int(key.partition)].put(key.fingerprint, place)
  }

  /// Puts `new` in the place of the entry for the record at `old`, flags aside, and says whether
  /// there was one.
  @discardableResult
  package mutating func replace(
    _ key: IndexKey,
    _ old: IndexPlace,
    with new: IndexPlace
  ) -> Bool {
    partitions[Int(key.partition)].replace(key.fingerprint, old, with: new)
  }

  /// Removes the entry for the record at `old`, flags aside, and says whether there was one.
  @discardableResult
  package mutating func remove(_ key: IndexKey, _ old: IndexPlace) -> Bool {
    partitions[Int(key.partition)].remove(key.fingerprint, old)
  }

  /// One partition, to write into a checkpoint or to look at.
  package func partition(_ number: UInt8) -> IndexPartition {
    partitions[Int(number)]
  }

  /// Replaces one partition by what a checkpoint holds of it.
  package mutating func load(_ partition: IndexPartition, into number: UInt8) {
    partitions[Int(number)] = partition
  }

  /// Calls `body` with the partition and the content of each entry.
  package func forEach(_ body: (UInt8, IndexEntry) -> Void) {
    for (number, partition) in partitions.enumerated() {
      partition.forEach { body(UInt8(number), $0) }
    }
  }

  /// Checks the invariants of every partition; for tests, and for a check on request.
  package func checkInvariants() {
    for partition in partitions { partition.checkInvariants() }
  }
}
