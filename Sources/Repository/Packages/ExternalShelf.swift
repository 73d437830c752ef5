internal import BlobEngine
internal import Catalog
internal import Synchronization

/// Documents of public registries as they came: bytes in the blob store, what is known about them
/// in the catalog and, for a while, in memory.
///
/// A shelf that fails costs a fetch, never an answer, so its failures are absences.
final class ExternalShelf: Sendable {
  /// What is known of a document at the moment of asking.
  struct Finding: Sendable {
    /// Nil when nothing is known and the registry could not be asked.
    var record: ExternalDocumentRecord?
    /// How long ago it was known to be right, when that is longer than the settings want.
    var staleness: Duration?
    var failure: ExternalFailure?
  }

  private typealias Key = ExternalDocumentKey

  private struct State {
    var records = TwoGenerationCache<Key, ExternalDocumentRecord>(budget: 50_000)
    var refreshes: [Key: Pending<Finding>] = [:]
    var failures = TwoGenerationCache<Key, (at: Timestamp, why: ExternalFailure)>(budget: 10_000)
  }

  private let catalog: Catalog
  private let blobs: BlobStore
  private let external: any ExternalSource
  private let clock: any DepotClock
  private let options: ContentOptions
  private let state = Mutex(State())

  init(
    catalog: Catalog,
    blobs: BlobStore,
    external: any ExternalSource,
    clock: any DepotClock,
    options: ContentOptions
  ) {
    self.catalog = catalog
    self.blobs = blobs
    self.external = external
    self.clock = clock
    self.options = options
  }

  /// Returns what is known of a document, asking its registry when that is too old.
  ///
  /// Whoever asks for the same while it is fetched shares the fetch. A copy at hand is not held up
  /// by a slow registry for longer than `revalidationPatience`.
  func finding(_ read: RegistryReads.Read, notBefore: Timestamp?) async -> Finding {
    let known = await known(read)
    if let known, isFresh(known, notBefore: notBefore) { return Finding(record: known) }
    if let known, let failure = recentFailure(of: read.key) { return stale(known, failure) }
    let refresh = startRefresh(of: read, from: known)
    guard let known, known.status == 200 else { return await refresh.value() }
    return await refresh.value(within: options.revalidationPatience, of: clock)
      ?? stale(known, ExternalFailure(.timedOut, "\(read.address) is slow to answer"))
  }

  /// Reads a document back; nil when the store no longer gives it.
  func bytes(of record: ExternalDocumentRecord) async -> [UInt8]? {
    guard let blob = record.blob else { return nil }
    let bytes = try? await blobs.get(blob.key)
    return bytes.flatMap { $0 }
  }

  /// Takes a document for unknown, so that it is fetched again.
  func forget(_ key: ExternalDocumentKey) {
    state.withLock { state in
      guard var record = state.records.value(for: key) else { return }
      record.blob = nil
      record.status = 0
      state.records.insert(record, for: key, cost: 1)
    }
  }

  /// The address that a connection leads to.
  func address(of connection: ExternalConnection) -> String? {
    external.address(of: connection.rawValue)
  }

  private func isFresh(_ known: ExternalDocumentRecord, notBefore: Timestamp?) -> Bool {
    if let notBefore, known.checkedAt < notBefore { return false }
    let limit = known.status == 200 ? options.externalFreshness : options.negativeFreshness
    return clock.now() - known.checkedAt < limit
  }

  private func stale(_ known: ExternalDocumentRecord, _ failure: ExternalFailure) -> Finding {
    // That something was absent long ago is not knowledge worth serving.
    guard known.status == 200 else { return Finding(failure: failure) }
    let age = clock.now() - known.checkedAt
    let isLate = age >= options.externalFreshness
    return Finding(record: known, staleness: isLate ? age : nil, failure: failure)
  }

  private func recentFailure(of key: ExternalDocumentKey) -> ExternalFailure? {
    let now = clock.now()
    return state.withLock { state in
      guard let failure = state.failures.value(for: key) else { return nil }
      return now - failure.at < options.pauseAfterFailure ? failure.why : nil
    }
  }

  /// A record whose address is another belongs to a registry that was configured before.
  private func known(_ read: RegistryReads.Read) async -> ExternalDocumentRecord? {
    let remembered = state.withLock { $0.records.value(for: read.key) }
    if let remembered { return remembered.status == 0 ? nil : remembered }
    let key = read.key
    let found = try? await catalog.read { snapshot throws(CatalogError) in
      try snapshot.externalDocument(key)
    }
    guard let record = found.flatMap({ $0 }), record.status != 200 || record.blob != nil else {
      return nil
    }
    remember(record)
    return record
  }

  private func remember(_ record: ExternalDocumentRecord) {
    state.withLock { $0.records.insert(record, for: record.key, cost: 1) }
  }

  private func startRefresh(
    of read: RegistryReads.Read,
    from known: ExternalDocumentRecord?
  ) -> Pending<Finding> {
    let (refresh, isNew) = state.withLock { state in
      if let refresh = state.refreshes[read.key] { return (refresh, false) }
      let refresh = Pending<Finding>()
      state.refreshes[read.key] = refresh
      return (refresh, true)
    }
    if isNew { Task { refresh.resolve(await self.refresh(read, from: known)) } }
    return refresh
  }

  private func refresh(
    _ read: RegistryReads.Read,
    from known: ExternalDocumentRecord?
  ) async -> Finding {
    do {
      let record = try await fetch(read, from: known)
      state.withLock { state in
        state.records.insert(record, for: read.key, cost: 1)
        state.failures.remove(read.key)
        state.refreshes[read.key] = nil
      }
      return Finding(record: record)
    } catch {
      let now = clock.now()
      state.withLock { state in
        state.failures.insert((now, error), for: read.key, cost: 1)
        state.refreshes[read.key] = nil
      }
      return known.map { stale($0, error) } ?? Finding(failure: error)
    }
  }

  private func fetch(
    _ read: RegistryReads.Read,
    from known: ExternalDocumentRecord?
  ) async throws(ExternalFailure) -> ExternalDocumentRecord {
    var request = ExternalRequest(
      address: read.address,
      connection: read.key.connection.rawValue,
      accept: read.accept,
      byteLimit: options.documentByteLimit
    )
    if let known, known.source == read.address, known.blob != nil {
      request.etag = known.entityTag
      request.lastModified = known.lastModified
    }
    switch try await external.document(request) {
    case .found(let document): return try await keep(document, of: read)
    case .absent: return await keepAbsence(of: read)
    case .notModified:
      guard let known else {
        throw ExternalFailure(.unusable, "\(read.address) answered 304 to an unconditional request")
      }
      return await confirm(known)
    }
  }

  private func keep(
    _ document: ExternalDocument,
    of read: RegistryReads.Read
  ) async throws(ExternalFailure) -> ExternalDocumentRecord {
    let info: BlobInfo
    do { info = try await blobs.put(document.bytes) } catch {
      throw ExternalFailure(.unusable, "\(read.address) could not be stored: \(error)")
    }
    let now = clock.now()
    let record = ExternalDocumentRecord(
      key: read.key,
      source: read.address,
      status: 200,
      blob: AttachedBlob(key: info.key, byteCount: Int64(info.byteCount)),
      contentType: document.contentType,
      entityTag: document.etag,
      lastModified: document.lastModified,
      fetchedAt: now,
      checkedAt: now
    )
    await store(record)
    return record
  }

  private func keepAbsence(of read: RegistryReads.Read) async -> ExternalDocumentRecord {
    let now = clock.now()
    let record = ExternalDocumentRecord(
      key: read.key,
      source: read.address,
      status: 404,
      blob: nil,
      contentType: nil,
      entityTag: nil,
      lastModified: nil,
      fetchedAt: now,
      checkedAt: now
    )
    await store(record)
    return record
  }

  private func confirm(_ known: ExternalDocumentRecord) async -> ExternalDocumentRecord {
    var record = known
    record.checkedAt = clock.now()
    let (key, moment) = (record.key, record.checkedAt)
    try? await catalog.write { transaction throws(CatalogError) in
      _ = try transaction.touch(key, checkedAt: moment)
    }
    return record
  }

  private func store(_ record: ExternalDocumentRecord) async {
    try? await catalog.write { transaction throws(CatalogError) in try transaction.store(record) }
  }
}
