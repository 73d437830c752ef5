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

  private(set) var slots: [Slot] = []
  let slotLimit: Int
  /// Whether the file system had no room for one more slot when last asked.
  private(set) var isOutOfSpace = false

  init(slotLimit: Int) {
    self.slotLimit = slotLimit
  }

  subscript(number: UInt32) -> Slot {
    get { slots[Int(number)] }
    set { slots[Int(number)] = newValue }
  }

  var numbers: Range<UInt32> { 0..<UInt32(slots.count) }

  func contains(_ number: UInt32) -> Bool { number < slots.count }

  /// Makes room for slots with numbers up to `number`, as missing.
  mutating func include(_ number: UInt32) {
    while slots.count <= Int(number) { slots.append(Slot()) }
  }

  /// Takes a slot for a new segment, or returns nil when there is none.
  ///
  /// Written slots are preferred to new ones: committing to them needs no change of extents
  /// (76–96 µs a commit against 103–145, `engine.md` 5).
  mutating func claim(fromReserve: Bool) -> UInt32? {
    let free = slots.indices.filter { slots[$0].state == .free }
    if let first = free.first, free.count > Self.reserve || (fromReserve && isAtLimit) {
      slots[first].state = .claimed
      return UInt32(first)
    }
    guard let number = missingNumber() else { return nil }
    include(number)
    slots[Int(number)].state = .claimed
    return number
  }

  /// Whether no further slot can be made.
  var isAtLimit: Bool { isOutOfSpace || missingNumber() == nil }

  /// Whether a claim for new bytes would be refused.
  var isFull: Bool { isAtLimit && freeCount <= Self.reserve }

  var freeCount: Int { slots.count { $0.state == .free } }

  private func missingNumber() -> UInt32? {
    if let hole = slots.firstIndex(where: { $0.state == .missing || $0.state == .malformed }) {
      return isOutOfSpace ? nil : UInt32(hole)
    }
    return isOutOfSpace || slots.count >= slotLimit ? nil : UInt32(slots.count)
  }

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
