internal import Catalog
internal import Synchronization

/// Which packages repositories hold, in memory until one of the format, or the domain as a whole,
/// changes: lists of all packages are asked for again and again, and most of the time nothing has
/// changed since.
final class HeldLists: Sendable {
  struct Key: Hashable {
    let repository: RepositoryID
    let format: PackageFormat
  }

  /// One reading of rows: whoever wants the same may share it.
  struct Reading: Hashable {
    let key: Key
    let mark: Epochs.Mark
  }

  private struct Kept<Value: Sendable>: Sendable {
    let value: Value
    let mark: Epochs.Mark
  }

  private struct State {
    var lists = TwoGenerationCache<Key, Kept<[HeldPackage]>>(budget: HeldLists.packageCapacity)
    var presences = TwoGenerationCache<ResolvedPackages.Key, Kept<Bool>>(
      budget: HeldLists.presenceCapacity
    )
  }

  /// How many packages the lists may have together: some 200 bytes each.
  private static let packageCapacity = 200_000
  /// Of how many names is remembered whether they are held.
  private static let presenceCapacity = 100_000

  private let state = Mutex(State())
  let readings = Joined<Reading, [HeldPackage]>()

  /// The list, when no row of it has changed since it was read.
  func list(_ key: Key, at mark: Epochs.Mark) -> [HeldPackage]? {
    state.withLock { state in
      guard let kept = state.lists.value(for: key), kept.mark == mark else { return nil }
      return kept.value
    }
  }

  func keep(_ list: [HeldPackage], as key: Key, readAfter mark: Epochs.Mark) {
    let kept = Kept(value: list, mark: mark)
    state.withLock { $0.lists.insert(kept, for: key, cost: 1 + list.count) }
  }

  /// Whether a package is held; nil when that is not known.
  func isHeld(_ key: ResolvedPackages.Key, at mark: Epochs.Mark) -> Bool? {
    state.withLock { state in
      guard let kept = state.presences.value(for: key), kept.mark == mark else { return nil }
      return kept.value
    }
  }

  func keep(_ isHeld: Bool, as key: ResolvedPackages.Key, readAfter mark: Epochs.Mark) {
    state.withLock { $0.presences.insert(Kept(value: isHeld, mark: mark), for: key, cost: 1) }
  }
}
