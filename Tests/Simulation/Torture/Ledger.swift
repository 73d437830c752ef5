package import BlobEngine

/// The model: what a caller knows of each blob from the answers it got.
package struct Ledger: Sendable {
  /// What the last answers said.
  enum State: Sendable {
    case absent
    case present
    /// Acknowledged as relaxed: there until a crash, and perhaps after it.
    case relaxed
    /// Put and deleted at once, both acknowledged: the next look tells which was last.
    case contested
    /// Asked for, and answered with a failure or not at all: wholly there or wholly absent.
    case unknown
  }

  /// What may be found.
  package enum Expectation: Hashable, Sendable {
    case present
    case absent
    case either
  }

  /// Remembers the beginning of a change until its end.
  package struct Stamp: Sendable {
    /// Whether other changes of the blob were under way at the beginning.
    let overlapsPuts: Bool
    let overlapsDeletes: Bool
    let puts: Int
    let deletes: Int
    let before: State
  }

  struct Entry: Sendable {
    var state = State.absent
    /// The changes begun so far, and how many of them have not ended.
    var puts = 0
    var deletes = 0
    var putsUnderWay = 0
    var deletesUnderWay = 0
    /// Relaxed changes took part in how the state came about.
    var isRelaxed = false
    /// When the blob was deleted, in milliseconds, that was there without doubt; nil: it was not.
    var keptSince: UInt64?
  }

  private(set) var entries: [BlobRecipe: Entry] = [:]
  /// The time when something was last asked for, in milliseconds since 1970.
  var milliseconds: UInt64 = 0

  package init() {}

  /// The recipes that were ever touched, in a stable order.
  package var recipes: [BlobRecipe] {
    entries.keys.sorted { left, right in
      (left.byteCount, left.family, left.variant, left.texture.rawValue)
        < (right.byteCount, right.family, right.variant, right.texture.rawValue)
    }
  }

  /// What a look at the running store may find.
  package func expectation(of recipe: BlobRecipe) -> Expectation {
    guard let entry = entries[recipe] else { return .absent }
    switch entry.state {
    case .absent: return entry.putsUnderWay == 0 ? .absent : .either
    case .present, .relaxed: return entry.deletesUnderWay == 0 ? .present : .either
    case .contested, .unknown: return .either
    }
  }

  /// What a look after a crash at this instant may find.
  package func expectationAfterCrash(of recipe: BlobRecipe) -> Expectation {
    guard let entry = entries[recipe] else { return .absent }
    if entry.state == .relaxed || entry.isRelaxed && entry.state != .present { return .either }
    return expectation(of: recipe)
  }

  /// Whether the blob may be there by the word of a relaxed put alone.
  func isRelaxed(_ recipe: BlobRecipe) -> Bool {
    guard let entry = entries[recipe] else { return false }
    return entry.state == .relaxed || entry.isRelaxed
  }

  /// A number that changes whenever something about the recipe does.
  func version(of recipe: BlobRecipe) -> Int {
    guard let entry = entries[recipe] else { return 0 }
    return (entry.puts + entry.deletes) * 1000 + entry.putsUnderWay + entry.deletesUnderWay
  }
}

// MARK: - Changes

extension Ledger {
  package mutating func beginPut(_ recipe: BlobRecipe) -> Stamp {
    var entry = entries[recipe] ?? Entry()
    entry.puts += 1
    let stamp = Stamp(
      overlapsPuts: entry.putsUnderWay > 0,
      overlapsDeletes: entry.deletesUnderWay > 0,
      puts: entry.puts,
      deletes: entry.deletes,
      before: entry.state
    )
    entry.putsUnderWay += 1
    entries[recipe] = entry
    return stamp
  }

  package mutating func beginDelete(_ recipe: BlobRecipe) -> Stamp {
    var entry = entries[recipe] ?? Entry()
    entry.deletes += 1
    let stamp = Stamp(
      overlapsPuts: entry.putsUnderWay > 0,
      overlapsDeletes: entry.deletesUnderWay > 0,
      puts: entry.puts,
      deletes: entry.deletes,
      before: entry.state
    )
    entry.deletesUnderWay += 1
    entries[recipe] = entry
    return stamp
  }

  /// Whether nothing else changed the blob between the stamp and now.
  func wasAlone(_ recipe: BlobRecipe, since stamp: Stamp) -> Bool {
    guard let entry = entries[recipe] else { return false }
    return !stamp.overlapsPuts && !stamp.overlapsDeletes && entry.puts == stamp.puts
      && entry.deletes == stamp.deletes
  }

  package mutating func endPut(_ recipe: BlobRecipe, _ stamp: Stamp, _ durability: Durability?) {
    guard var entry = entries[recipe] else { return }
    let isContested =
      stamp.overlapsDeletes || entry.deletes != stamp.deletes
    entry.putsUnderWay -= 1
    switch durability {
    case nil:
      if entry.state != .present || isContested { entry.state = .unknown }
    case .flushed? where !isContested:
      entry.state = .present
      entry.isRelaxed = false
    case .relaxed? where !isContested:
      if entry.state != .present { entry.state = .relaxed }
    case .some(let durability):
      if entry.state != .unknown { entry.state = .contested }
      entry.isRelaxed = entry.isRelaxed || durability == .relaxed
    }
    entries[recipe] = entry
  }

  /// Ends a delete that was asked for at `time`, in milliseconds.
  package mutating func endDelete(
    _ recipe: BlobRecipe,
    _ stamp: Stamp,
    succeeded: Bool,
    at time: UInt64 = 0
  ) {
    guard var entry = entries[recipe] else { return }
    let isContested =
      stamp.overlapsPuts || entry.puts != stamp.puts
    entry.deletesUnderWay -= 1
    if !succeeded {
      if entry.state != .absent || isContested { entry.state = .unknown }
    } else if isContested {
      if entry.state != .unknown { entry.state = .contested }
    } else {
      if entry.state != .absent {
        entry.keptSince = entry.state == .present && !entry.isRelaxed ? time : nil
      }
      entry.state = .absent
      entry.isRelaxed = false
    }
    entries[recipe] = entry
  }

  /// Since when the bytes of a deleted blob are kept, if they are without doubt.
  package func keptSince(_ recipe: BlobRecipe) -> UInt64? {
    guard let entry = entries[recipe], entry.state == .absent, entry.putsUnderWay == 0,
      entry.deletesUnderWay == 0
    else { return nil }
    return entry.keptSince
  }

  /// Ends an undelete, begun as a put, that found nothing: nothing has changed.
  package mutating func endVainUndelete(_ recipe: BlobRecipe, _ stamp: Stamp) {
    guard wasAlone(recipe, since: stamp) else { return endPut(recipe, stamp, nil) }
    entries[recipe]?.putsUnderWay -= 1
  }

  /// Settles a contested blob by what the running store shows of it.
  package mutating func settle(_ recipe: BlobRecipe, isPresent: Bool) {
    guard var entry = entries[recipe], entry.state == .contested,
      entry.putsUnderWay == 0, entry.deletesUnderWay == 0
    else { return }
    entry.state = isPresent ? (entry.isRelaxed ? .relaxed : .present) : .absent
    entries[recipe] = entry
  }

  /// Returns the ledger of a caller who starts anew after a crash: nothing is under way, and what
  /// a crash may have undone is unknown.
  package func afterCrash() -> Ledger {
    var result = self
    for (recipe, _) in entries {
      var entry = Entry()
      switch expectationAfterCrash(of: recipe) {
      case .present: entry.state = .present
      case .absent: (entry.state, entry.keptSince) = (.absent, keptSince(recipe))
      case .either: entry.state = .unknown
      }
      result.entries[recipe] = entry
    }
    return result
  }

  /// Returns the ledger of a caller who has seen what is there after an opening.
  package func recovered(_ present: Set<BlobRecipe>) -> Ledger {
    var result = self
    for (recipe, _) in entries {
      var entry = Entry()
      entry.state = present.contains(recipe) ? .present : .absent
      if entry.state == .absent { entry.keptSince = keptSince(recipe) }
      result.entries[recipe] = entry
    }
    return result
  }
}
