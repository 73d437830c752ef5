/// One of the 256 parts of the index: a hash table of 16-byte slots in one array of words.
///
/// Open addressing with linear probing; the home of a fingerprint is its upper bits scaled to the
/// capacity, so that any capacity will do. Invariants:
///
/// 1. An empty slot's second word is zero; an entry's is not.
/// 2. From an entry's home to the entry there is no empty slot: deletion shifts entries back
///    instead of leaving marks.
/// 3. No more than 85 % of the slots are full, so every probe ends. Full to that measure, the
///    capacity grows by a fifth, to 71 %: 18.8 to 22.6 bytes an entry, while the old table and the
///    new one exist together for one partition only.
package struct IndexPartition: Sendable {
  private var words: [UInt64] = []
  /// The entries.
  package private(set) var count = 0

  private static let wordsPerSlot = 2
  private static let leastCapacity = 8

  package init() {}

  /// The slots, full and empty.
  package var capacity: Int { words.count / Self.wordsPerSlot }

  /// The bytes that the table takes.
  package var byteCount: Int { words.capacity * 8 }

  private static func limit(ofCapacity capacity: Int) -> Int { capacity * 85 / 100 }

  private func home(of fingerprint: UInt64) -> Int {
    Int(fingerprint.multipliedFullWidth(by: UInt64(capacity)).high)
  }

  private func next(_ slot: Int) -> Int { slot + 1 == capacity ? 0 : slot + 1 }

  private func fingerprint(at slot: Int) -> UInt64 { words[slot * Self.wordsPerSlot] }

  private func place(at slot: Int) -> UInt64 { words[slot * Self.wordsPerSlot + 1] }

  private mutating func set(_ slot: Int, _ fingerprint: UInt64, _ place: UInt64) {
    words[slot * Self.wordsPerSlot] = fingerprint
    words[slot * Self.wordsPerSlot + 1] = place
  }

  /// Returns the place of the entry with this fingerprint that comes `number`-th, from 0, or nil
  /// when there are no more.
  ///
  /// - Complexity: O(1) expected; about 4 slots for a hit at the fullest, 23 for a miss.
  package func candidate(for fingerprint: UInt64, number: Int = 0) -> IndexPlace? {
    guard count > 0 else { return nil }
    var left = number
    var slot = home(of: fingerprint)
    while place(at: slot) != 0 {
      if self.fingerprint(at: slot) == fingerprint {
        guard left > 0 else { return IndexPlace(trusted: place(at: slot)) }
        left -= 1
      }
      slot = next(slot)
    }
    return nil
  }

  /// Adds an entry, beside others of the same fingerprint.
  package mutating func insert(_ fingerprint: UInt64, _ place: IndexPlace) {
    reserve(count + 1)
    var slot = home(of: fingerprint)
    while self.place(at: slot) != 0 { slot = next(slot) }
    set(slot, fingerprint, place.rawValue)
    count += 1
  }

  /// Adds an entry, or puts it in the place of the first of the same fingerprint.
  package mutating func put(_ fingerprint: UInt64, _ place: IndexPlace) {
    reserve(count + 1)
    var slot = home(of: fingerprint)
    while self.place(at: slot) != 0, self.fingerprint(at: slot) != fingerprint { slot = next(slot) }
    if self.place(at: slot) == 0 { count += 1 }
    set(slot, fingerprint, place.rawValue)
  }

  /// Puts `new` in the place of the entry that leads to the same record as `old`, and says whether
  /// there was one.
  package mutating func replace(
    _ fingerprint: UInt64,
    _ old: IndexPlace,
    with new: IndexPlace
  ) -> Bool {
    guard let slot = slot(of: fingerprint, old) else { return false }
    set(slot, fingerprint, new.rawValue)
    return true
  }

  /// Removes the entry that leads to the same record as `old`, and says whether there was one.
  package mutating func remove(_ fingerprint: UInt64, _ old: IndexPlace) -> Bool {
    guard let slot = slot(of: fingerprint, old) else { return false }
    close(slot)
    count -= 1
    return true
  }

  private func slot(of fingerprint: UInt64, _ wanted: IndexPlace) -> Int? {
    guard count > 0 else { return nil }
    var slot = home(of: fingerprint)
    while place(at: slot) != 0 {
      if self.fingerprint(at: slot) == fingerprint,
        IndexPlace(trusted: place(at: slot)).isSameRecord(as: wanted)
      {
        return slot
      }
      slot = next(slot)
    }
    return nil
  }

  /// Empties a slot, moving back the entries behind it that invariant 2 would otherwise lose.
  private mutating func close(_ emptied: Int) {
    var hole = emptied
    var slot = next(hole)
    while place(at: slot) != 0 {
      // The entry may move if its home is not between the hole and itself, going round.
      let home = home(of: fingerprint(at: slot))
      let mustStay = hole <= slot ? home > hole && home <= slot : home > hole || home <= slot
      if !mustStay {
        set(hole, fingerprint(at: slot), place(at: slot))
        hole = slot
      }
      slot = next(slot)
    }
    set(hole, 0, 0)
  }

  /// Makes room for `total` entries, growing by a fifth at a time.
  package mutating func reserve(_ total: Int) {
    guard total > Self.limit(ofCapacity: capacity) else { return }
    var grown = max(capacity, Self.leastCapacity)
    while total > Self.limit(ofCapacity: grown) { grown += grown / 5 + 1 }
    rebuild(capacity: grown)
  }

  private mutating func rebuild(capacity grown: Int) {
    let old = words
    words = [UInt64](repeating: 0, count: grown * Self.wordsPerSlot)
    for index in stride(from: 0, to: old.count, by: Self.wordsPerSlot) where old[index + 1] != 0 {
      var slot = home(of: old[index])
      while place(at: slot) != 0 { slot = next(slot) }
      set(slot, old[index], old[index + 1])
    }
  }

  /// Calls `body` with each entry, in no order.
  package func forEach(_ body: (IndexEntry) -> Void) {
    for slot in 0..<capacity where place(at: slot) != 0 {
      body(
        IndexEntry(fingerprint: fingerprint(at: slot), place: IndexPlace(trusted: place(at: slot)))
      )
    }
  }

  /// The entries, in no order.
  package var entries: [IndexEntry] {
    var result: [IndexEntry] = []
    result.reserveCapacity(count)
    forEach { result.append($0) }
    return result
  }

  /// Checks the invariants; for tests, and for a check on request.
  ///
  /// - Complexity: O(*n*).
  package func checkInvariants() {
    var full = 0
    for slot in 0..<capacity where place(at: slot) != 0 {
      full += 1
      var passed = home(of: fingerprint(at: slot))
      while passed != slot {
        precondition(place(at: passed) != 0, "no empty slot before an entry (invariant 2)")
        passed = next(passed)
      }
    }
    precondition(full == count, "the count is that of the full slots")
    precondition(count <= Self.limit(ofCapacity: capacity), "room to end a probe (invariant 3)")
  }
}
