internal import Catalog
internal import Synchronization

/// The rows of kept documents, and what is on its way into them.
final class KeptDocumentRows: Sendable {
  private struct Key: Hashable {
    let repository: RepositoryID
    let name: String
  }

  private struct State {
    /// Rows, and nil for those that are not there.
    var records = TwoGenerationCache<Key, KeptDocumentRecord?>(budget: 4_000)
    var ways = TwoGenerationCache<ProjectPages.Key, ProjectSources>(budget: 4_000)
    /// What is being stored, one after the other.
    var stores: Task<Void, Never>?
    var waitingByteCount = 0
  }

  /// How many bytes may wait to be stored: a document that comes on top is not kept.
  private static let mostWaitingBytes = 64 << 20

  private let catalog: Catalog
  private let edition: String
  private let tide: Tide
  private let state = Mutex(State())
  private let readings = Joined<Key, KeptDocumentRecord?>()

  init(catalog: Catalog, edition: String?, tide: Tide) {
    self.catalog = catalog
    self.edition = edition ?? ""
    self.tide = tide
  }

  /// The row of a document that this program wrote; what is in memory costs no SQL, and a crowd
  /// reads once: a read for each of a thousand clients holds up for 60 ms what they all wait for.
  func record(_ name: String, of repository: RepositoryID) async -> KeptDocumentRecord? {
    let key = key(name, repository)
    if let known = state.withLock({ $0.records.value(for: key) }) { return known }
    let found = try? await readings.value(for: key) { [self] () async throws(RepositoryError) in
      try await read(key)
    }
    return found ?? nil
  }

  private func read(_ key: Key) async throws(RepositoryError) -> KeptDocumentRecord? {
    let found: KeptDocumentRecord?
    do {
      found = try await catalog.read { snapshot throws(CatalogError) in
        try snapshot.keptDocument(key.name, of: key.repository)
      }
    } catch { throw RepositoryError(catalog: error) }
    return state.withLock { state in
      // What was stored since is newer than what was read.
      if let known = state.records.value(for: key) { return known }
      state.records.insert(found, for: key, cost: 1)
      return found
    }
  }

  /// Keeps the row of a document whose bytes are in the store; a power cut may take it.
  func store(_ record: KeptDocumentRecord) async {
    let key = key(record.name, record.repository)
    let row = KeptDocumentRecord(
      repository: record.repository,
      name: key.name,
      stamp: record.stamp,
      reads: record.reads,
      blob: record.blob,
      keptAt: record.keptAt
    )
    do {
      try await catalog.write(durability: .relaxed) { transaction throws(CatalogError) in
        try transaction.store(row)
      }
      state.withLock { $0.records.insert(row, for: key, cost: 1) }
    } catch {}
  }

  private func key(_ name: String, _ repository: RepositoryID) -> Key {
    Key(repository: repository, name: "\(edition) \(name)")
  }

  /// A walk that was made since nothing has changed.
  func way(_ key: ProjectPages.Key, at mark: Epochs.Mark) -> ProjectSources? {
    state.withLock { $0.ways.value(for: key) }.flatMap { $0.mark == mark ? $0 : nil }
  }

  func keep(_ way: ProjectSources, as key: ProjectPages.Key) {
    state.withLock { $0.ways.insert(way, for: key, cost: 1) }
  }

  /// Stores so many bytes after what waits already, unless too much does; not before a crowd that
  /// waited for the document has its first bytes: to compress 5 MB takes the cores 25 ms.
  func storeLater(byteCount: Int, _ store: @escaping @Sendable () async -> Void) {
    state.withLock { state in
      guard state.waitingByteCount + byteCount <= Self.mostWaitingBytes else { return }
      state.waitingByteCount += byteCount
      let former = state.stores
      state.stores = Task(priority: .utility) {
        await former?.value
        await tide.turn()
        await store()
        self.state.withLock { $0.waitingByteCount -= byteCount }
      }
    }
  }

  /// Waits until everything that was to be kept is.
  func settle() async {
    guard let stores = state.withLock(\.stores) else { return }
    await tide.hurrying { await stores.value }
  }
}
