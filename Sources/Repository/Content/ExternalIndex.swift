internal import Catalog
internal import FormatRules
internal import Synchronization

/// Project pages of public Python indexes: the shelf has the documents, and this is where they are
/// understood, once for each state of them.
final class ExternalIndex: Sendable {
  private enum Reading: Sendable {
    case page(ExternalPage)
    /// The store no longer gives the bytes.
    case lost
    case unreadable(String)
  }

  private let shelf: ExternalShelf
  private let pages: Mutex<TwoGenerationCache<ExternalDocumentKey, ExternalPage>>
  private let readings = Joined<ExternalPage.Identity, Reading>()

  init(shelf: ExternalShelf, budget: Int) {
    self.shelf = shelf
    self.pages = Mutex(TwoGenerationCache(budget: budget))
  }

  /// Returns what is known of `project`, asking the index when that is too old.
  ///
  /// With `notBefore` a page that was checked before that moment is too old whatever its age: so a
  /// request for something nobody has heard of asks once more.
  func finding(
    _ project: String,
    on reach: ExternalReach,
    notBefore: Timestamp?
  ) async -> ExternalFinding {
    guard let base = shelf.address(of: reach.connection) else {
      return ExternalFinding(failure: ExternalFailure(unknown: reach.connection))
    }
    guard ProjectName(project)?.normalized == project else {
      let failure = ExternalFailure(.absent, "\(project) is no name that an index can know")
      return ExternalFinding(failure: failure)
    }
    let read = ExternalRead(
      connection: reach.connection,
      address: WebAddress.resolve("\(project)/", against: base),
      accept: SimpleRepresentation.preferredAccept
    )
    let coordinates = PackageCoordinates(format: .pypi, name: project)
    let inquiry = await shelf.inquiry(coordinates, on: reach, notBefore: notBefore)
    return await finding(project, read, inquiry)
  }

  /// Reads what the shelf has; a page that is none is taken back, and the one before it is read.
  private func finding(
    _ project: String,
    _ read: ExternalRead,
    _ inquiry: ExternalInquiry
  ) async -> ExternalFinding {
    var failure = ExternalFailure(.unusable, "\(read.address) cannot be read back")
    for _ in 0..<2 {
      let found = await shelf.finding(read, inquiry)
      guard let record = found.record else { return ExternalFinding(failure: found.failure) }
      switch await reading(record, of: project) {
      case .page(let page):
        return ExternalFinding(page: page, staleness: found.staleness, failure: found.failure)
      case .lost: shelf.forget(record.key)
      case .unreadable(let reason):
        failure = ExternalFailure(.unusable, "\(read.address) is no index page: \(reason)")
        if await shelf.reject(record, for: failure) { shelf.external.report(failure) }
      }
    }
    return ExternalFinding(failure: failure)
  }

  private func reading(_ record: ExternalDocumentRecord, of project: String) async -> Reading {
    let identity = ExternalPage.Identity(record)
    let known = pages.withLock { $0.value(for: record.key) }
    if let known, known.identity == identity { return .page(known) }
    let reading = try? await readings.value(for: identity) { () async throws(RepositoryError) in
      let reading = await self.read(record, of: project)
      if case .page(let page) = reading {
        self.pages.withLock { $0.insert(page, for: record.key, cost: page.cost) }
      }
      return reading
    }
    return reading ?? .lost
  }

  private func read(_ record: ExternalDocumentRecord, of project: String) async -> Reading {
    let identity = ExternalPage.Identity(record)
    guard record.status == 200 else {
      return .page(ExternalPage(identity, of: project, page: nil))
    }
    guard let bytes = await shelf.bytes(of: record) else { return .lost }
    do {
      let page = try SimplePage(
        reading: bytes,
        contentType: record.contentType ?? "",
        at: record.source
      )
      return .page(ExternalPage(identity, of: project, page: page))
    } catch { return .unreadable("\(error)") }
  }
}
