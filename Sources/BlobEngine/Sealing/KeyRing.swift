import Synchronization

/// The keys of the scopes that are in use, for work that no caller waits for.
///
/// It keeps none of them: a key that nobody else refers to any more is gone from here too, and one
/// that was forgotten opens nothing. So what is in memory, and until when, is decided by whoever
/// made the key, here as everywhere. About 100 bytes for each key that is alive.
package final class KeyRing: Sendable {
  private struct Entry {
    weak var key: DataKey?
  }

  private struct Entries {
    var byID: [KeyID: Entry] = [:]
    /// At how many entries those without a key are dropped.
    var limit = 64
  }

  /// Where the salts of sealed records come from.
  let salts: SaltSource
  private let entries = Mutex(Entries())
  private let source = Mutex<(@Sendable () async -> [DataKey])?>(nil)

  package init(_ salts: SaltSource = SaltSource()) {
    self.salts = salts
  }

  /// Takes note of a key that is in use; of several that are equal the last one counts.
  package func add(_ key: DataKey) {
    entries.withLock { entries in
      guard entries.byID[key.id]?.key !== key else { return }
      entries.byID[key.id] = Entry(key: key)
      guard entries.byID.count > entries.limit else { return }
      entries.byID = entries.byID.filter { $0.value.key != nil }
      entries.limit = max(64, 2 * entries.byID.count)
    }
  }

  /// Returns a key that somebody uses; nil: nobody here does.
  func key(_ id: KeyID) -> DataKey? {
    entries.withLock { $0.byID[id]?.key }
  }

  /// Takes note of who has the keys of scopes that nobody uses.
  func ask(_ source: @escaping @Sendable () async -> [DataKey]) {
    self.source.withLock { $0 = source }
  }

  /// Returns the keys of scopes that can be had beside those in use, for work that goes through all
  /// of a store.
  func others() async -> [DataKey] {
    guard let source = source.withLock({ $0 }) else { return [] }
    return await source()
  }

  /// Returns what seals and opens with a key, for one piece of work; nil when the key is not known,
  /// or was forgotten.
  func sealer(of id: KeyID, in store: StoreIdentifier) -> Sealer? {
    guard let secrets = try? key(id)?.opened() else { return nil }
    return Sealer(secrets, store: store, salts: salts)
  }
}
