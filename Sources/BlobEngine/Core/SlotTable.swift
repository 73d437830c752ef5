/// What each slot holds, and which one is used next.
///
/// ```
///  missing ──▶ claimed ──▶ open ──▶ closed ──▶ sealing ──▶ sealed
///     ▲          ▲ │                                          │
///     └──────────┼─┘ gave up                                  │ dead and checkpointed
///              free ◀─────────── wiping ◀─────────────────────┘
///                     header gone
/// ```
///
/// Invariants:
///
/// 1. A slot that is claimed or open belongs to exactly one lane.
/// 2. Claims for new bytes leave ``kept`` slots, those for deletes one, which reclaim may take: so
///    a full store can always be emptied. While the file system has room, two free slots are left
///    alone that have their files; when it had none, nothing else is made before these are there.
/// 3. A slot becomes free only when nothing in it is alive, nobody reads it, and its header is
///    gone from the disk: what was in it cannot come back in a rebuild of the index.
struct SlotTable {
  /// Free slots for deletes, touches and reclaim.
  static let reserve = 2
  /// What a claim for a delete or a touch leaves: a place for reclaim to copy to.
  static let reclaimReserve = 1

  private var slots: [Slot] = []
  private let slotLimit: Int
  /// Whether the limit is one that somebody chose.
  private let isLimited: Bool
  /// What claims for new bytes leave: the reserve, or a twentieth of a store that is larger.
  var kept: Int { max(Self.reserve, mostCount / 20) }
  /// The slots that there can be at most as things are.
  private var mostCount: Int { isLimited && !isOutOfSpace ? slotLimit : slots.count }
  /// The slots that a new segment can take without a new file.
  private(set) var freeCount = 0
  /// The numbers below the highest that have no file of use.
  private var holeCount = 0
  /// Whether the file system has refused a file, and has had no room for a slot since.
  private(set) var isOutOfSpace = false

  init(slotLimit: Int, isLimited: Bool = false) {
    self.slotLimit = slotLimit
    self.isLimited = isLimited
  }

  /// A slot by its number; changed in place, since what it holds is large.
  subscript(number: UInt32) -> Slot {
    _read { yield slots[Int(number)] }
    _modify {
      count(slots[Int(number)].state, -1)
      yield &slots[Int(number)]
      count(slots[Int(number)].state, 1)
    }
  }

  var numbers: Range<UInt32> { 0..<UInt32(slots.count) }

  func contains(_ number: UInt32) -> Bool { number < slots.count }

  /// Makes room for slots with numbers up to `number`, as missing.
  mutating func include(_ number: UInt32) {
    while slots.count <= Int(number) {
      slots.append(Slot())
      holeCount += 1
    }
  }

  private mutating func count(_ state: Slot.State, _ difference: Int) {
    switch state {
    case .free: freeCount += difference
    case .missing, .malformed: holeCount += difference
    case .claimed, .open, .closed, .sealing, .sealed, .wiping, .lost: break
    }
  }

  /// Takes a slot for a new segment and leaves `count` others, or returns nil when it cannot.
  ///
  /// Written slots are preferred to new ones, beyond the reserve: committing to them needs no
  /// change of extents (76–96 µs a commit against 103–145, `engine.md` 5).
  mutating func claim(leaving count: Int) -> UInt32? {
    guard availableCount > count else { return nil }
    if freeCount > Self.reserve || isAtLimit,
      let first = numbers.first(where: { self[$0].state == .free })
    {
      self[first].state = .claimed
      return first
    }
    return isAtLimit ? nil : claimNew()
  }

  /// Takes a slot that has no file yet, or returns nil when there may be no more.
  mutating func claimNew() -> UInt32? {
    guard holeCount > 0 || slots.count < slotLimit else { return nil }
    let hole = numbers.first { self[$0].state == .missing || self[$0].state == .malformed }
    let number = hole ?? UInt32(slots.count)
    include(number)
    self[number].state = .claimed
    return number
  }

  /// Whether no further slot can be made.
  var isAtLimit: Bool { isOutOfSpace || (holeCount == 0 && slots.count >= slotLimit) }

  /// The slots that a claim could still get: the free ones and those that may yet be made.
  var availableCount: Int {
    isOutOfSpace ? freeCount : freeCount + holeCount + max(0, slotLimit - slots.count)
  }

  /// The slots that there may be; nil where only the file system sets a limit.
  var limitCount: Int? { isLimited ? slotLimit : nil }

  /// Whether so little is left that reclaim goes before everything else: a tenth of the slots that
  /// there can be, or one more than what is kept.
  var isTight: Bool { isTight(with: 0) }

  /// Whether that is so with this many slots more.
  func isTight(with count: Int) -> Bool {
    availableCount + count <= max(kept + 1, mostCount / 10)
  }

  /// Whether slots of the reserve are missing that could be made.
  var lacksReserve: Bool { freeCount < Self.reserve && (holeCount > 0 || slots.count < slotLimit) }

  /// Notes that there was no room for a file.
  mutating func ranOutOfSpace() { isOutOfSpace = true }

  /// Notes that there was room for a slot.
  mutating func foundSpace() { isOutOfSpace = lacksReserve }
}

/// One slot and the segment in it.
struct Slot {
  enum State: Hashable {
    /// No file.
    case missing
    /// A file of the wrong size, left by a crash while it was made.
    case malformed
    /// A whole file that holds nothing of use.
    case free
    /// Being prepared, or prepared and not yet written to.
    case claimed
    /// A lane appends here.
    case open
    /// No longer appended to, without a footer.
    case closed
    /// As closed, while the footer is being written.
    case sealing
    case sealed
    /// Nothing in it is of use, and its header is being taken away.
    case wiping
    /// Something is here that cannot be read; never used again by itself.
    case lost
  }

  var state = State.missing
  var segment: Segment?
  /// Whether a file of the wrong size is in the way.
  var hasLeftover = false
  /// What reads are under way here.
  var readerCount = 0
  var live = LiveBytes()
  /// The id of the last checkpoint when the last record here died.
  var diedAfterCheckpoint: UInt64 = 0

  /// How many records had been moved in the store when the last one was moved here.
  var movedInCount: UInt64 = 0
  /// Whether reclaim is at work here.
  var isVictim = false
  /// Whether all that must outlive the segment besides its blobs was copied elsewhere.
  var isEmptied = false
  /// Whether reclaim was here and could not take everything along.
  var isSpoilt = false

  /// Whether nothing in the slot is of use: nothing alive, no tombstone that keeps an older record
  /// buried, no touch, nobody who reads, nothing unexplained.
  var isDead: Bool {
    guard state == .sealed, live.isEmpty, readerCount == 0, !isVictim, let segment else {
      return false
    }
    return (segment.hasRecordsOnly || isEmptied) && segment.damagedRanges.isEmpty
  }
}
