/// What each slot holds, and which one is used next.
///
/// ```
///  missing ──▶ claimed ──▶ open ──▶ closed ──▶ sealing ──▶ sealed
///     ▲          ▲ │                                          │
///     └──────────┼─┘ gave up                                  │ dead and checkpointed
///              free ◀─────────────────────────────────────────┘
/// ```
///
/// Invariants:
///
/// 1. A slot that is claimed or open belongs to exactly one lane.
/// 2. At least `reserve` free slots are left by claims that are not for deletes.
/// 3. A slot becomes free only when nothing in it is alive and nobody reads it.
struct SlotTable {
  /// Free slots kept for deletes, touches and what reclaim will need.
  static let reserve = 2

  private var slots: [Slot] = []
  private let slotLimit: Int
  /// The slots that a new segment can take without a new file.
  private(set) var freeCount = 0
  /// The numbers below the highest that have no file of use.
  private var holeCount = 0
  /// Whether the file system had no room for one more slot when last asked.
  private(set) var isOutOfSpace = false

  init(slotLimit: Int) {
    self.slotLimit = slotLimit
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
    case .claimed, .open, .closed, .sealing, .sealed, .lost: break
    }
  }

  /// Takes a slot for a new segment, or returns nil when there is none.
  ///
  /// Written slots are preferred to new ones: committing to them needs no change of extents
  /// (76–96 µs a commit against 103–145, `engine.md` 5).
  mutating func claim(fromReserve: Bool) -> UInt32? {
    if freeCount > Self.reserve || (fromReserve && isAtLimit),
      let first = numbers.first(where: { self[$0].state == .free })
    {
      self[first].state = .claimed
      return first
    }
    guard !isAtLimit else { return nil }
    let hole = numbers.first { self[$0].state == .missing || self[$0].state == .malformed }
    let number = hole ?? UInt32(slots.count)
    include(number)
    self[number].state = .claimed
    return number
  }

  /// Whether no further slot can be made.
  var isAtLimit: Bool { isOutOfSpace || (holeCount == 0 && slots.count >= slotLimit) }

  /// How many slots at the front may be made for the reserve.
  var reservable: Range<UInt32> { 0..<UInt32(min(Self.reserve, slotLimit)) }

  /// Whether a claim for new bytes would be refused.
  var isFull: Bool { isAtLimit && freeCount <= Self.reserve }

  /// Notes that a new slot could not be made.
  mutating func ranOutOfSpace() { isOutOfSpace = true }

  /// Lets the next claim ask the file system again.
  mutating func tryAgain() { isOutOfSpace = false }
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

  /// Whether nothing in the slot is of use: nothing alive, no tombstone that keeps an older record
  /// buried, nobody who reads, nothing unexplained.
  var isDead: Bool {
    guard state == .sealed, live.isEmpty, readerCount == 0, let segment else { return false }
    return segment.tombstoneCount == 0 && segment.damagedRanges.isEmpty
  }
}
