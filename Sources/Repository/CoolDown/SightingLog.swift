internal import Catalog
internal import Synchronization

/// The clock that runs whether or not a rule is on: notes what registries list, the first time that
/// they do.
///
/// What is known is in memory for the packages asked for lately; rows are written only for what is
/// new. A log that fails costs knowledge, never an answer: what cannot be noted counts as seen now.
final class SightingLog: Sendable {
  private let catalog: Catalog
  private let clock: any DepotClock
  private let records: Errands
  private let tide: Tide
  private let known: Mutex<TwoGenerationCache<SightingKey, Sightings>>
  /// What is being noted behind the answers to clients.
  private let behind = Mutex<[SightingKey: (count: Int, last: Task<Void, Never>)]>([:])

  init(catalog: Catalog, clock: any DepotClock, records: Errands, tide: Tide, budget: Int) {
    self.catalog = catalog
    self.clock = clock
    self.records = records
    self.tide = tide
    known = Mutex(TwoGenerationCache(budget: budget))
  }

  /// Returns what is known of a package.
  func sightings(of key: SightingKey) async -> Sightings {
    await settle(key)
    return await read(key)
  }

  private func settle(_ key: SightingKey) async {
    guard let last = behind.withLock({ $0[key]?.last }) else { return }
    await tide.hurrying { await last.value }
  }

  private func read(_ key: SightingKey) async -> Sightings {
    if let known = known.withLock({ $0.value(for: key) }) { return known }
    let rows = try? await catalog.read { snapshot throws(CatalogError) in
      try snapshot.sightings(of: key)
    }
    return remember(Sightings(rows ?? []), of: key)
  }

  /// Notes what a registry lists, and returns what is known with it.
  ///
  /// - Complexity: O(n) in memory; no statement when nothing is new, two when something is,
  ///   whatever n.
  func note(
    _ listed: [Sightings.Listed],
    changedAt: Timestamp?,
    of key: SightingKey
  ) async -> Sightings {
    await settle(key)
    return await note(listed, changedAt: changedAt, of: key, at: clock.now())
  }

  /// Notes what a registry lists at this moment, behind whoever says so: a row waits for the
  /// flushes of others, which is tens of milliseconds while much comes in.
  ///
  /// Who asks for what is known of the package waits for it.
  func noteLater(_ listed: [Sightings.Listed], changedAt: Timestamp?, of key: SightingKey) {
    let now = clock.now()
    behind.withLock { behind in
      let former = behind[key]
      let task = records.run { [self] in
        await former?.last.value
        await tide.turn()
        _ = await note(listed, changedAt: changedAt, of: key, at: now)
        leave(key)
      }
      behind[key] = ((former?.count ?? 0) + 1, task)
    }
  }

  private func leave(_ key: SightingKey) {
    behind.withLock { behind in
      behind[key]?.count -= 1
      if behind[key]?.count == 0 { behind[key] = nil }
    }
  }

  private func note(
    _ listed: [Sightings.Listed],
    changedAt: Timestamp?,
    of key: SightingKey,
    at now: Timestamp
  ) async -> Sightings {
    let known = await read(key)
    guard !known.news(in: listed, changedAt: changedAt, now: now).isEmpty else { return known }
    return await write(key, at: now) { $0.news(in: listed, changedAt: changedAt, now: now) }
  }

  /// Notes when a registry last changed something whose age nobody knew better: it was not listed,
  /// or it was when the package was met.
  func note(_ name: String, changedAt: Timestamp, of key: SightingKey) async -> Sightings {
    await settle(key)
    let now = clock.now()
    return await write(key, at: now) { known in
      if let time = known[name], let metAt = known.metAt, metAt < time { return [:] }
      return [name: min(changedAt, now)]
    }
  }

  /// Adds a row; `news` is asked in the transaction that writes it, so that nothing is noted twice.
  private func write(
    _ key: SightingKey,
    at now: Timestamp,
    _ news: @escaping @Sendable (Sightings) -> [String: Timestamp]
  ) async -> Sightings {
    let rows = try? await catalog.write(durability: .relaxed) { transaction throws(CatalogError) in
      let rows = try transaction.sightings(of: key)
      let sighting = Sighting(seenAt: now, times: news(Sightings(rows)))
      guard !sighting.times.isEmpty else { return rows }
      try transaction.note(sighting, of: key)
      return rows + [sighting]
    }
    guard let rows else { return await read(key) }
    return remember(Sightings(rows), of: key)
  }

  private func remember(_ sightings: Sightings, of key: SightingKey) -> Sightings {
    known.withLock { $0.insert(sightings, for: key, cost: 1 + sightings.count) }
    return sightings
  }
}
