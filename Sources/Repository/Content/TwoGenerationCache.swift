/// A bounded memory of recent values: what was used since the last turn survives the next one.
///
/// Two dictionaries, young and old. A value that is found in the old one moves to the young one;
/// when the young one has reached half of the budget it becomes the old one, and what was there is
/// forgotten. Cheaper than a list of uses, and a lookup costs one or two hashes.
///
/// Invariant: the costs held add up to at most the budget and one value.
struct TwoGenerationCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private var young: [Key: (value: Value, cost: Int)] = [:]
  private var old: [Key: (value: Value, cost: Int)] = [:]
  private var youngCost = 0
  private let budget: Int

  init(budget: Int) {
    self.budget = budget
  }

  /// Returns the value under `key`, if it is remembered.
  mutating func value(for key: Key) -> Value? {
    if let found = young[key] { return found.value }
    guard let found = old.removeValue(forKey: key) else { return nil }
    insert(found.value, for: key, cost: found.cost)
    return found.value
  }

  /// Remembers `value`, which counts `cost` against the budget.
  mutating func insert(_ value: Value, for key: Key, cost: Int) {
    remove(key)
    young[key] = (value, cost)
    youngCost += cost
    guard youngCost * 2 > budget else { return }
    old = young
    young = [:]
    youngCost = 0
  }

  /// Forgets `key`.
  mutating func remove(_ key: Key) {
    old[key] = nil
    if let gone = young.removeValue(forKey: key) { youngCost -= gone.cost }
  }
}
