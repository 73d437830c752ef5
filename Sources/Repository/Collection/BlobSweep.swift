package import BlobEngine
internal import Bytes
package import Catalog

/// Gives the bytes back that no row refers to.
///
/// Two passes. The first goes through all blobs of the store and notes in the catalog which of them
/// nothing refers to. The second deletes those that were noted longer than the deletion delay ago
/// and that still nothing refers to. What that makes safe:
///
/// 1. A blob is looked up in a snapshot that is younger than the mark that its deletion carries. So
///    a row committed before the mark is seen, and a put after the mark is noticed by the engine,
///    which then keeps the blob (``BlobStore/delete(_:ifUntouchedSince:)``).
/// 2. A put before the mark whose row comes after the snapshot is within the engine's grace.
/// 3. Rows that name an older row's blob are written in a transaction that sees that row: there was
///    a reference all the time.
///
/// A crash between any two steps loses nothing: a notice without a blob, or a deleted blob with its
/// notice, is put right by the next sweep.
package struct BlobSweep: Sendable {
  private let catalog: Catalog
  private let blobs: BlobStore
  private let clock: any DepotClock
  private let rules: SweepRules

  /// How many blobs are looked up in one snapshot.
  private static let surveyedAtOnce = 512
  /// How many are deleted together, so that one flush serves many.
  private static let deletedAtOnce = 64
  /// How many where no more are to be deleted than has to be.
  private static let deletedAtOnceForRoom = 16

  package init(catalog: Catalog, blobs: BlobStore, clock: any DepotClock, rules: SweepRules) {
    self.catalog = catalog
    self.blobs = blobs
    self.clock = clock
    self.rules = rules
  }

  /// Sweeps once.
  ///
  /// Goes on beside everything else. A cancelled task ends it early; what was done stays done.
  ///
  /// - Throws: ``RepositoryError`` with what the catalog or the store refused.
  package func run() async throws(RepositoryError) -> SweepReport {
    var report = SweepReport()
    let due = clock.now() + (.zero - rules.deletionDelay)
    try await forgetKeptDocuments(keptBy: due)
    try await survey(&report)
    try await collect(noticedBy: due, Self.deletedAtOnce, &report) { false }
    return report
  }

  /// Gives up bytes before their time in a store that is nearly full, oldest first, until a
  /// twentieth of what is alive has gone.
  ///
  /// - Returns: nil when there is room enough, or when the rules forbid it.
  package func relieve() async throws(RepositoryError) -> SweepReport? {
    guard !rules.isStrict else { return nil }
    let before = try await usage()
    guard before.isTight else { return nil }
    var report = SweepReport()
    try await survey(&report)
    let goal = before.liveByteCount - before.liveByteCount / 20
    try await collect(noticedBy: clock.now(), Self.deletedAtOnceForRoom, &report) {
      () async throws(RepositoryError) in try await usage().liveByteCount <= goal
    }
    return report
  }

  /// Forgets documents that were written so long ago that their bytes may be given back.
  private func forgetKeptDocuments(keptBy time: Timestamp) async throws(RepositoryError) {
    do {
      try await catalog.write(durability: .relaxed) { transaction throws(CatalogError) in
        _ = try transaction.forgetKeptDocuments(keptBy: time)
      }
    } catch {
      throw RepositoryError(catalog: error)
    }
  }

  private func usage() async throws(RepositoryError) -> StoreUsage {
    do { return try await blobs.usage() } catch { throw RepositoryError(sweeping: error) }
  }

  // MARK: The first pass

  private func survey(_ report: inout SweepReport) async throws(RepositoryError) {
    var cursor: ListCursor?
    repeat {
      let page: KeyPage
      do { page = try await blobs.keys(after: cursor) } catch {
        throw RepositoryError(sweeping: error)
      }
      var rest = page.keys.map { $0.key }[...]
      while !rest.isEmpty, !Task.isCancelled {
        try await survey(Array(rest.prefix(Self.surveyedAtOnce)), &report)
        rest = rest.dropFirst(Self.surveyedAtOnce)
      }
      cursor = page.next
    } while cursor != nil && !Task.isCancelled
  }

  private func survey(
    _ keys: [SHA256Digest],
    _ report: inout SweepReport
  ) async throws(RepositoryError) {
    let changes = try await read { snapshot throws(CatalogError) in
      var changes = NoticeChanges()
      for key in keys {
        let isNoticed = try snapshot.timeNoticedUnreferred(key) != nil
        let isReferred = try snapshot.isReferred(key)
        if !isReferred { changes.unreferredCount += 1 }
        if isReferred, isNoticed { changes.revived.append(key) }
        if !isReferred, !isNoticed { changes.noticed.append(key) }
      }
      return changes
    }
    report.blobCount += keys.count
    report.unreferredCount += changes.unreferredCount
    report.noticedCount += changes.noticed.count
    report.revivedCount += changes.revived.count
    try await write(changes)
  }

  private func write(_ changes: NoticeChanges) async throws(RepositoryError) {
    guard !changes.isEmpty else { return }
    let now = clock.now()
    do {
      // A lost notice is made again.
      try await catalog.write(durability: .relaxed) { transaction throws(CatalogError) in
        for key in changes.noticed { try transaction.noticeUnreferred(key, at: now) }
        for key in changes.revived + changes.gone { try transaction.forgetUnreferred(key) }
      }
    } catch {
      throw RepositoryError(catalog: error)
    }
  }

  // MARK: The second pass

  private func collect(
    noticedBy time: Timestamp,
    _ countAtOnce: Int,
    _ report: inout SweepReport,
    until isEnough: () async throws(RepositoryError) -> Bool
  ) async throws(RepositoryError) {
    let mark: CollectionMark
    do { mark = try await blobs.collectionMark() } catch { throw RepositoryError(sweeping: error) }
    var position: UnreferredBlob?
    repeat {
      let start = position
      let (page, revived) = try await read { snapshot throws(CatalogError) in
        let page = try snapshot.unreferredBlobs(
          noticedBy: time,
          after: start,
          limit: countAtOnce
        )
        var revived: Set<SHA256Digest> = []
        for blob in page.items {
          if try snapshot.isReferred(blob.key) { revived.insert(blob.key) }
        }
        return (page, revived)
      }
      let doomed = page.items.map(\.key).filter { !revived.contains($0) }
      let gone = try await delete(doomed, mark, &report)
      report.revivedCount += revived.count
      try await write(NoticeChanges(revived: Array(revived), gone: gone))
      position = page.next
      if try await isEnough() { return }
    } while position != nil && !Task.isCancelled
  }

  /// Deletes blobs, and returns those that are not there any more.
  private func delete(
    _ keys: [SHA256Digest],
    _ mark: CollectionMark,
    _ report: inout SweepReport
  ) async throws(RepositoryError) -> [SHA256Digest] {
    let ends: [End] = await withTaskGroup(of: End.self) { group in
      for key in keys { group.addTask { End(key: key, result: await delete(key, mark)) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    var gone: [SHA256Digest] = []
    var failure: EngineError?
    for end in ends {
      switch end.result {
      case .success(.deleted(let byteCount)):
        report.deletedCount += 1
        report.deletedByteCount += byteCount
        gone.append(end.key)
      case .success(.absent): gone.append(end.key)
      case .success(.kept): report.keptCount += 1
      case .failure(let error): failure = error
      }
    }
    if let failure { throw RepositoryError(sweeping: failure) }
    return gone
  }

  private struct End: Sendable {
    let key: SHA256Digest
    let result: Result<Deletion, EngineError>
  }

  private enum Deletion {
    case deleted(UInt64)
    case absent
    case kept
  }

  private func delete(
    _ key: SHA256Digest,
    _ mark: CollectionMark
  ) async -> Result<Deletion, EngineError> {
    do throws(EngineError) {
      let byteCount = try await storedByteCount(of: key)
      switch try await blobs.delete(key, ifUntouchedSince: mark) {
      case .deleted: return .success(.deleted(byteCount))
      case .absent: return .success(.absent)
      case .kept: return .success(.kept)
      }
    } catch {
      return .failure(error)
    }
  }

  private func storedByteCount(of key: SHA256Digest) async throws(EngineError) -> UInt64 {
    do { return try await blobs.stat(key)?.storedByteCount ?? 0 } catch {
      // What is damaged has no size to tell, and goes like everything else.
      guard case .damaged = error else { throw error }
      return 0
    }
  }

  private func read<Value: Sendable>(
    _ body: @escaping @Sendable (CatalogSnapshot) throws(CatalogError) -> Value
  ) async throws(RepositoryError) -> Value {
    do { return try await catalog.read(body) } catch { throw RepositoryError(catalog: error) }
  }
}

/// What a sweep has to write down.
private struct NoticeChanges: Sendable {
  var unreferredCount = 0
  var noticed: [SHA256Digest] = []
  var revived: [SHA256Digest] = []
  var gone: [SHA256Digest] = []

  var isEmpty: Bool { noticed.isEmpty && revived.isEmpty && gone.isEmpty }
}

extension RepositoryError {
  /// The engine would not go on with a sweep.
  init(sweeping error: EngineError) {
    self.init(.internalFailure, "The sweep stopped: \(error)", cause: error)
  }
}
