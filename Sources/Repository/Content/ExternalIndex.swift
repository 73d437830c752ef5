internal import BlobEngine
internal import Bytes
internal import Catalog
internal import FormatRules
internal import Synchronization

/// External project pages: fetched once, kept in the store, asked for again when they have aged,
/// and used as they are when their source is down, slow, or sends 429 or 5xx.
final class ExternalIndex: Sendable {
  private struct State {
    var pages: TwoGenerationCache<ExternalDocumentKey, ExternalPage>
    /// Revalidations under way.
    var refreshes: [ExternalDocumentKey: Pending<ExternalFinding>] = [:]
    /// When a source last failed, for the documents that were asked for.
    var failures: TwoGenerationCache<ExternalDocumentKey, (at: Timestamp, why: ExternalFailure)>
  }

  private let documents: ExternalDocuments
  private let external: any ExternalSource
  private let clock: any DepotClock
  private let options: ContentOptions
  private let state: Mutex<State>

  init(
    documents: ExternalDocuments,
    external: any ExternalSource,
    clock: any DepotClock,
    options: ContentOptions
  ) {
    self.documents = documents
    self.external = external
    self.clock = clock
    self.options = options
    self.state = Mutex(
      State(
        pages: TwoGenerationCache(budget: options.pageFileCapacity),
        failures: TwoGenerationCache(budget: 10_000)
      )
    )
  }

  /// Returns what is known of `project`, asking the index when that is too old.
  ///
  /// With `notBefore` a page that was checked before that moment is too old whatever its age: so a
  /// request for something nobody has heard of asks once more.
  func finding(
    _ project: String,
    on connection: ExternalConnection,
    notBefore: Timestamp? = nil
  ) async -> ExternalFinding {
    let key = ExternalDocumentKey(connection: connection, path: "simple/\(project)/")
    let known = await known(key)
    if let known, isFresh(known, notBefore: notBefore) { return ExternalFinding(page: known) }
    if let known, let failure = recentFailure(of: key) { return stale(known, failure) }
    let refresh = startRefresh(of: key, from: known)
    guard let known, known.page != nil else { return await refresh.value() }
    let finding = await refresh.value(within: options.revalidationPatience, of: clock)
    return finding
      ?? stale(known, ExternalFailure(.timedOut, "\(connection.rawValue) is slow to answer"))
  }

  private func isFresh(_ known: ExternalPage, notBefore: Timestamp?) -> Bool {
    if let notBefore, known.record.checkedAt < notBefore { return false }
    let limit = known.page == nil ? options.negativeFreshness : options.externalFreshness
    return clock.now() - known.record.checkedAt < limit
  }

  private func stale(_ known: ExternalPage, _ failure: ExternalFailure) -> ExternalFinding {
    // That something was absent long ago is not knowledge worth serving.
    guard known.page != nil else { return ExternalFinding(failure: failure) }
    let age = clock.now() - known.record.checkedAt
    return ExternalFinding(
      page: known,
      staleness: age < options.externalFreshness ? nil : age,
      failure: failure
    )
  }

  private func recentFailure(of key: ExternalDocumentKey) -> ExternalFailure? {
    let now = clock.now()
    return state.withLock { state in
      guard let failure = state.failures.value(for: key) else { return nil }
      return now - failure.at < options.pauseAfterFailure ? failure.why : nil
    }
  }

  private func known(_ key: ExternalDocumentKey) async -> ExternalPage? {
    if let page = state.withLock({ $0.pages.value(for: key) }) { return page }
    guard let page = await documents.page(key) else { return nil }
    return state.withLock { state in
      if let other = state.pages.value(for: key) { return other }
      state.pages.insert(page, for: key, cost: page.cost)
      return page
    }
  }

  private func startRefresh(
    of key: ExternalDocumentKey,
    from known: ExternalPage?
  ) -> Pending<ExternalFinding> {
    let (refresh, isNew) = state.withLock { state in
      if let refresh = state.refreshes[key] { return (refresh, false) }
      let refresh = Pending<ExternalFinding>()
      state.refreshes[key] = refresh
      return (refresh, true)
    }
    if isNew {
      Task { refresh.resolve(await self.refresh(key, from: known)) }
    }
    return refresh
  }

  private func refresh(
    _ key: ExternalDocumentKey,
    from known: ExternalPage?
  ) async -> ExternalFinding {
    do {
      let page = try await fetch(key, from: known)
      state.withLock { state in
        state.pages.insert(page, for: key, cost: page.cost)
        state.failures.remove(key)
        state.refreshes[key] = nil
      }
      return ExternalFinding(page: page)
    } catch {
      let now = clock.now()
      state.withLock { state in
        state.failures.insert((now, error), for: key, cost: 1)
        state.refreshes[key] = nil
      }
      return known.map { stale($0, error) } ?? ExternalFinding(failure: error)
    }
  }

  private func fetch(
    _ key: ExternalDocumentKey,
    from known: ExternalPage?
  ) async throws(ExternalFailure) -> ExternalPage {
    guard let base = external.address(of: key.connection.rawValue) else {
      throw ExternalFailure(
        .unusable,
        "No address is known for \(key.connection.rawValue), since no pip answered when the server "
          + "started; give one with --external"
      )
    }
    let project = key.path.dropFirst("simple/".count).dropLast()
    guard ProjectName(project)?.normalized == String(project) else {
      throw ExternalFailure(.absent, "\(project) is no name that an index can know")
    }
    let address = WebAddress.resolve(String(key.path.dropFirst("simple/".count)), against: base)
    var request = ExternalRequest(
      address: address,
      connection: key.connection.rawValue,
      accept: SimpleRepresentation.preferredAccept,
      byteLimit: options.documentByteLimit
    )
    if let known, known.record.source == address {
      request.etag = known.record.entityTag
      request.lastModified = known.record.lastModified
    }
    switch try await external.document(request) {
    case .found(let document): return try await documents.keep(document, of: request, as: key)
    case .absent: return await documents.keepAbsence(of: key, at: address)
    case .notModified:
      guard let known else {
        throw ExternalFailure(.unusable, "\(address) answered 304 to an unconditional request")
      }
      return await documents.confirm(known)
    }
  }
}
