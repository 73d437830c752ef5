internal import BlobEngine
internal import Catalog
internal import Synchronization

/// Documents of public registries as they came: bytes in the blob store, what is known about them
/// in the catalog and, for a while, in memory.
///
/// The one place that fetches documents, for every format: once for any crowd, kept, asked for
/// again when they have aged, and used as they are while their registry is down, slow, or answers
/// 429 or 5xx. What they mean is their readers' business.
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

  typealias Key = ExternalDocumentKey
  private typealias Refresh = Pending<Result<ExternalDocumentRecord, ExternalFailure>>

  private struct State {
    var records = TwoGenerationCache<Key, ExternalDocumentRecord>(budget: 50_000)
    var refreshes: [Key: Refresh] = [:]
    /// When a registry last failed, for the documents that were asked for.
    var failures = TwoGenerationCache<Key, (at: Timestamp, why: ExternalFailure)>(budget: 10_000)
    /// What was there before the latest change, in case nobody can read what came.
    var formers = TwoGenerationCache<Key, ExternalDocumentRecord>(budget: 10_000)
  }

  let catalog: Catalog
  let blobs: BlobScope
  let external: any ExternalSource
  let clock: any DepotClock
  let options: ContentOptions
  let wishes: RefreshWishes
  let arrivals: ShelfArrivals
  private let errands: Errands
  private let slow = SlowRegistries()
  private let state = Mutex(State())

  init(
    catalog: Catalog,
    blobs: BlobScope,
    external: any ExternalSource,
    clock: any DepotClock,
    options: ContentOptions,
    errands: Errands,
    tide: Tide
  ) {
    self.catalog = catalog
    wishes = RefreshWishes(catalog: catalog)
    self.blobs = blobs
    self.external = external
    self.clock = clock
    self.options = options
    self.errands = errands
    arrivals = ShelfArrivals(tide: tide)
  }

  /// The address that a connection leads to.
  func address(of connection: ExternalConnection) -> String? {
    external.address(of: connection.rawValue)
  }

  /// What a request on `terms` wants, from this moment on.
  func inquiry(
    _ coordinates: PackageCoordinates?,
    on reach: ExternalReach,
    notBefore: Timestamp?
  ) async -> ExternalInquiry {
    let began = clock.now()
    return ExternalInquiry(
      terms: reach.terms,
      notBefore: await wishes.moment(coordinates, on: reach.connection, or: notBefore),
      began: began
    )
  }

  /// Why nobody is asked through a connection, or nil.
  func silence(of connection: ExternalConnection, _ terms: ExternalTerms) -> ExternalFailure? {
    let reason = options.isOffline ? "this server is offline" : terms.silence
    return reason.map { ExternalFailure(silence: $0, of: connection) }
  }

  /// Returns what is known of a document, asking its registry when that is too old.
  ///
  /// Whoever asks for the same while it is fetched shares the fetch. A copy at hand is not held up
  /// by a slow registry for longer than `revalidationPatience`, and not at all while it is known to
  /// be slow, unless someone wants news.
  func finding(_ read: ExternalRead, _ inquiry: ExternalInquiry) async -> Finding {
    let known = await known(read.key)
    if let silence = silence(of: read.connection, inquiry.terms) {
      return old(known, silence, inquiry)
    }
    if let known, isFresh(known, inquiry) { return Finding(record: known) }
    if let failure = recentFailure(of: read.key, since: inquiry.notBefore),
      known != nil || failure.kind == .unusable
    {
      return old(known, failure, inquiry)
    }
    switch await refreshed(read, from: known, inquiry) {
    case .success(let record): return Finding(record: record)
    case .failure(let failure): return old(known, failure, inquiry)
    }
  }

  private func refreshed(
    _ read: ExternalRead,
    from known: ExternalDocumentRecord?,
    _ inquiry: ExternalInquiry
  ) async -> Result<ExternalDocumentRecord, ExternalFailure> {
    let refresh = startRefresh(of: read, from: known, inquiry)
    guard let known, known.status == 200 else { return await refresh.value() }
    let wantsNews = inquiry.notBefore.map { known.checkedAt < $0 } ?? false
    if slow.contains(read.connection), !wantsNews {
      return refresh.current ?? .failure(ExternalFailure(slow: read.address))
    }
    if let result = await refresh.value(within: options.revalidationPatience, of: clock) {
      return result
    }
    if slow.add(read.connection, at: clock.now()) {
      let name = "\(read.connection.rawValue), asked for \(read.address),"
      external.report(ExternalFailure(slow: name))
    }
    return .failure(ExternalFailure(slow: read.address))
  }

  private func isFresh(_ known: ExternalDocumentRecord, _ inquiry: ExternalInquiry) -> Bool {
    if let notBefore = inquiry.notBefore, known.checkedAt < notBefore { return false }
    guard known.checkedAt < inquiry.began else { return true }
    let freshness = inquiry.terms.freshness ?? options.freshness(of: known.key.connection)
    let limit = known.status == 200 ? freshness : min(freshness, options.negativeFreshness)
    return clock.now() - known.checkedAt < limit
  }

  /// What is known when nobody could be asked.
  private func old(
    _ known: ExternalDocumentRecord?,
    _ failure: ExternalFailure,
    _ inquiry: ExternalInquiry
  ) -> Finding {
    // That something was absent long ago is seldom knowledge worth serving.
    guard let known, known.status == 200 || inquiry.trustsOldAbsence else {
      return Finding(failure: failure)
    }
    let age = clock.now() - known.checkedAt
    let isLate = age >= inquiry.terms.freshness ?? options.freshness(of: known.key.connection)
    return Finding(record: known, staleness: isLate ? age : nil, failure: failure)
  }

  private func recentFailure(of key: Key, since notBefore: Timestamp?) -> ExternalFailure? {
    let now = clock.now()
    return state.withLock { state in
      guard let failure = state.failures.value(for: key), failure.at >= notBefore ?? failure.at
      else { return nil }
      return now - failure.at < options.pauseAfterFailure ? failure.why : nil
    }
  }

  private func known(_ key: Key) async -> ExternalDocumentRecord? {
    let remembered = state.withLock { $0.records.value(for: key) }
    if let remembered { return remembered.status == 0 ? nil : remembered }
    guard let record = await stored(key), record.status != 200 || record.blob != nil else {
      return nil
    }
    state.withLock { $0.records.insert(record, for: key, cost: 1) }
    return record
  }

  /// Begins a refresh, or joins the one under way.
  ///
  /// One that ended since the catalog was looked into will do: a crowd asks once.
  private func startRefresh(
    of read: ExternalRead,
    from known: ExternalDocumentRecord?,
    _ inquiry: ExternalInquiry
  ) -> Refresh {
    let (refresh, isNew) = state.withLock { state in
      if let refresh = state.refreshes[read.key] { return (refresh, false) }
      let refresh = Refresh()
      if let latest = state.records.value(for: read.key), latest.status != 0,
        isFresh(latest, inquiry)
      {
        refresh.resolve(.success(latest))
        return (refresh, false)
      }
      state.refreshes[read.key] = refresh
      return (refresh, true)
    }
    if isNew { errands.run { refresh.resolve(await self.refresh(read, from: known)) } }
    return refresh
  }

  private func refresh(
    _ read: ExternalRead,
    from known: ExternalDocumentRecord?
  ) async -> Result<ExternalDocumentRecord, ExternalFailure> {
    let began = clock.now()
    do {
      let record = try await fetch(read, from: known)
      if clock.now() - began < options.revalidationPatience { slow.remove(read.connection) }
      state.withLock { state in
        state.records.insert(record, for: read.key, cost: 1)
        if let known, known.status == 200, known.blob != record.blob {
          state.formers.insert(known, for: read.key, cost: 1)
        }
        state.failures.remove(read.key)
        state.refreshes[read.key] = nil
      }
      return .success(record)
    } catch {
      let now = clock.now()
      state.withLock { state in
        state.failures.insert((now, error), for: read.key, cost: 1)
        state.refreshes[read.key] = nil
      }
      return .failure(error)
    }
  }

  /// Takes a document for unknown, so that it is fetched again.
  func forget(_ key: Key) {
    state.withLock { state in
      guard let record = state.records.value(for: key) else { return }
      state.records.insert(record.forgotten, for: key, cost: 1)
    }
  }

  /// Takes a document back that nobody can read.
  ///
  /// What was there before stands again, or nothing, and for a moment that counts as all that can
  /// be had. One that has been kept for longer is fetched anew at once: it may be an older
  /// server's.
  /// Whoever finds it unreadable rejects it, and the first of them reports it.
  /// - Returns: whether this is the first.
  func reject(_ record: ExternalDocumentRecord, for why: ExternalFailure) async -> Bool {
    let key = record.key
    let now = clock.now()
    let isNew = now - record.fetchedAt < options.pauseAfterFailure
    let (isFirst, former) = state.withLock { state -> (Bool, ExternalDocumentRecord?) in
      guard let latest = state.records.value(for: key), latest.status != 0,
        latest.blob == record.blob
      else { return (false, nil) }
      let former = state.formers.value(for: key)
      state.formers.remove(key)
      state.records.insert(former ?? latest.forgotten, for: key, cost: 1)
      if former != nil || isNew { state.failures.insert((now, why), for: key, cost: 1) }
      return (true, former)
    }
    if let former {
      await arrivals.settle(key)
      await store(former)
    }
    return isFirst
  }
}

extension ExternalFailure {
  /// An answer takes longer than anybody is held up for what is at hand.
  fileprivate init(slow name: String) {
    self.init(.timedOut, "\(name) is slow to answer; what is kept is served meanwhile")
  }
}

extension ExternalDocumentRecord {
  /// What stands for a document that is to be taken for unknown.
  fileprivate var forgotten: ExternalDocumentRecord {
    var record = self
    record.blob = nil
    record.status = 0
    return record
  }
}
