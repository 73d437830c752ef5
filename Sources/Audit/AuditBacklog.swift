import Exchange

/// The records that wait to be written, in order, within a bound.
///
/// A plain value: who locks it, wakes whom and writes is ``AuditLog``'s business. Reads beyond the
/// bound are counted and not kept; changes are always kept, because whoever makes one has asked for
/// room before.
struct AuditBacklog {
  /// How safe a record has to be before its call is answered.
  enum Safety: Sendable {
    /// In the file: it outlives the server however that ends.
    case written
    /// On the disk: it outlives the machine too.
    case flushed
  }

  struct Item: Sendable {
    let entry: AuditEntry
    var safety = Safety.flushed
    /// Told once the record is as safe as it has to be (true) or the disk refused it for now
    /// (false); nil where nobody waits.
    var done: (@Sendable (Bool) -> Void)?

    /// Whether the trail can do without it when there is no room: a call that changed nothing.
    var canBeCounted: Bool { !entry.notes.leavesSomething }
  }

  /// Reads that were counted instead of kept.
  struct Lost: Equatable, Sendable {
    var reads = 0
    var first: UInt64 = 0
    var last: UInt64 = 0

    func counting(_ time: UInt64) -> Lost {
      guard reads > 0 else { return Lost(reads: 1, first: time, last: time) }
      return Lost(reads: reads + 1, first: min(first, time), last: max(last, time))
    }
  }

  struct Batch: Sendable {
    var items: [Item]
    var lost: Lost?

    /// Counts the records that can be, instead of keeping them, and tells who waits for them.
    mutating func thin() {
      for item in items where item.canBeCounted {
        lost = (lost ?? Lost()).counting(item.entry.milliseconds)
        item.done?(true)
      }
      items.removeAll(where: \.canBeCounted)
    }

    /// Tells those who wait for this, once each.
    mutating func tell(_ isKept: Bool, _ safety: Safety) {
      for index in items.indices where items[index].safety == safety {
        guard let done = items[index].done else { continue }
        items[index].done = nil
        done(isKept)
      }
    }
  }

  private var items: [Item] = []
  private var weight = 0
  private var awaitedCount = 0
  private var lost: Lost?
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  var isEmpty: Bool { items.isEmpty && lost == nil }
  /// Whether nothing waits that has to be written even where there is hardly room.
  var hasNoRecords: Bool { items.isEmpty }
  /// Whether a call that may change something may go on.
  var hasRoom: Bool { weight < limit }
  /// Whether somebody waits for what is in here.
  var isUrgent: Bool { awaitedCount > 0 || weight * 4 > limit }

  /// Takes a record; false for a read that was counted only.
  @discardableResult
  mutating func add(_ item: Item) -> Bool {
    let isRead = item.done == nil && item.entry.notes.isReadOnly
    guard !isRead || hasRoom else {
      count(item.entry.milliseconds)
      return false
    }
    items.append(item)
    weight += item.entry.weight
    if item.done != nil { awaitedCount += 1 }
    return true
  }

  /// Counts a record that is not kept.
  mutating func count(_ time: UInt64) {
    lost = (lost ?? Lost()).counting(time)
  }

  /// Hands out everything; what was counted stays where `isTight`.
  mutating func take(isTight: Bool = false) -> Batch {
    defer {
      items = []
      weight = 0
      awaitedCount = 0
      if !isTight { lost = nil }
    }
    return Batch(items: items, lost: isTight ? nil : lost)
  }

  /// Puts back, in front, what could not be written; nobody waits for it any more.
  mutating func putBack(_ batch: Batch) {
    items = batch.items.map { Item(entry: $0.entry, done: nil) } + items
    weight = items.reduce(0) { $0 + $1.entry.weight }
    guard let old = batch.lost else { return }
    let new = lost ?? Lost(reads: 0, first: old.first, last: old.last)
    lost = Lost(
      reads: old.reads + new.reads,
      first: min(old.first, new.first),
      last: max(old.last, new.last)
    )
  }
}
