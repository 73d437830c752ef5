internal import BlobEngine
internal import Bytes
internal import Catalog
internal import FormatRules
internal import Synchronization

/// The fetches under way, one for each external file.
///
/// Two requests mean the same file when domain, connection, address and promised digests agree:
/// then they share a flight, in whichever repository they were made.
final class Flights: Sendable {
  /// What happens to a file that has come in: rows are written, in as many places as asked for.
  typealias Landing = @Sendable (FlightPlan, LandedFile, Set<LandingPlace>) async -> Void

  private let scopes: DomainScopes
  private let external: any ExternalSource
  private let clock: any DepotClock
  private let options: ContentOptions
  private let tide: Tide
  private let land: Landing
  private let board = Mutex(FlightBoard())
  /// When a source last said that it has no such file.
  ///
  /// A plan has the digests that some document promises, so what is remembered here is no longer
  /// found once that document says something else.
  private let absences = Mutex(TwoGenerationCache<FlightPlan, Timestamp>(budget: 10_000))

  init(
    scopes: DomainScopes,
    external: any ExternalSource,
    clock: any DepotClock,
    options: ContentOptions,
    tide: Tide,
    land: @escaping Landing
  ) {
    self.scopes = scopes
    self.external = external
    self.clock = clock
    self.options = options
    self.tide = tide
    self.land = land
  }

  /// Returns the flight for `plan`, beginning it when there is none.
  func join(_ plan: FlightPlan) -> Flight {
    let (joined, isNew) = board.withLock { board in flight(plan, on: &board) }
    return begun(joined, isNew: isNew)
  }

  /// Returns the flight for `plan`, beginning it when there is none and `isCurrent` holds; nil when
  /// it does not.
  ///
  /// A flight leaves the board after its rows were written, so where rows are as they were, none
  /// has landed unseen.
  func join(_ plan: FlightPlan, while isCurrent: () -> Bool) -> Flight? {
    let joined = board.withLock { board -> (Flight, isNew: Bool)? in
      guard board[plan] != nil || isCurrent() else { return nil }
      return flight(plan, on: &board)
    }
    return joined.map { begun($0, isNew: $1) }
  }

  private func flight(
    _ plan: FlightPlan,
    on board: inout FlightBoard
  ) -> (Flight, isNew: Bool) {
    if let flight = board[plan] { return (flight, false) }
    return (board.enter(plan, windowByteCount: options.windowByteCount, tide: tide), true)
  }

  /// Begins to download what a flight is likely to want in a moment, or joins who has begun; nil
  /// where a flight is under way, the file has come in since rows were read, its source said a
  /// moment ago that it has none, or enough is begun already.
  ///
  /// Their number is limited, since each holds one of the requests that its origin may be sent at
  /// once, and waits for another.
  func headStart(_ source: HeadStart.Source, while isCurrent: () -> Bool) -> HeadStart? {
    board.withLock { board in
      guard isCurrent() else { return nil }
      return board.start(source, limit: options.headStartLimit) { number in
        HeadStart(source, from: external) { [weak self] in
          self?.board.withLock { $0.dropStart(source, number) }
        }
      }
    }
  }

  private func begun(_ flight: Flight, isNew: Bool) -> Flight {
    if isNew { Task { await run(flight) } }
    return flight
  }

  /// When the source of a file last said that it has none; nil when it never did, or is forgotten.
  func absence(of plan: FlightPlan) -> Timestamp? {
    absences.withLock { $0.value(for: plan) }
  }

  /// Waits until every fetch that is under way now is over, well or not.
  func settle() async {
    for flight in board.withLock(\.all) { _ = try? await flight.landing() }
  }

  /// Waits until every file whose bytes have all come is in the store with its rows.
  func settleVerified() async {
    for flight in board.withLock(\.all) where flight.isVerified {
      _ = try? await flight.landing()
    }
  }

  private func run(_ flight: Flight) async {
    let result: Result<LandedFile, RepositoryError>
    do {
      let landed = try await fetch(flight)
      await tide.turn()
      await land(flight.plan, landed, flight.closePlaces())
      absences.withLock { $0.remove(flight.plan) }
      result = .success(landed)
    } catch {
      _ = flight.closePlaces()
      note(error, flight.plan)
      result = .failure(error)
    }
    // Off the board first: whoever comes now finds the rows, or begins anew.
    board.withLock { $0.remove(flight.plan) }
    flight.end(result)
  }

  private func note(_ error: RepositoryError, _ plan: FlightPlan) {
    guard let failure = error.cause as? ExternalFailure, failure.kind == .absent else { return }
    let now = clock.now()
    absences.withLock { $0.insert(now, for: plan, cost: 1) }
  }

  private func fetch(_ flight: Flight) async throws(RepositoryError) -> LandedFile {
    let blobs = try await scopes.scope(of: flight.plan.domain)
    var transfer = Transfer(flight.plan, from: external, clock: clock, options: options)
    let (download, byteCount) = try await opened(&transfer, flight.start)
    defer { download.cancel() }
    let writer: BlobWriter
    do { writer = try await blobs.makeWriter(digests: .ofAssets) } catch {
      throw RepositoryError(storing: flight.plan.fileName, failed: error)
    }
    flight.depart(with: writer, byteCount: byteCount)
    do {
      let digests = try await transfer.carry(from: download, to: writer, showing: flight.blob)
      flight.verify(digests)
      return try await commit(digests, writer, for: flight.plan, in: blobs)
    } catch {
      await writer.cancel()
      if let failure = error.cause as? ExternalFailure { external.report(failure) }
      throw error
    }
  }

  private func opened(
    _ transfer: inout Transfer,
    _ start: HeadStart?
  ) async throws(RepositoryError) -> (ExternalDownload, byteCount: UInt64?) {
    do { return try await transfer.open(start) } catch { throw RepositoryError(error) }
  }

  private func commit(
    _ digests: AssetDigests,
    _ writer: BlobWriter,
    for plan: FlightPlan,
    in blobs: BlobScope
  ) async throws(RepositoryError) -> LandedFile {
    let info: BlobInfo
    do { info = try await writer.finish(expecting: digests.sha256) } catch {
      throw RepositoryError(storing: plan.fileName, failed: error)
    }
    let file = StoredFile(key: info.key, byteCount: info.byteCount, in: plan.domain)
    let cut = await WheelMetadataCutter(blobs: blobs).cut(file, named: plan.fileName)
    let project = await projectObjectModel(file, named: plan.fileName, in: blobs)
    return LandedFile(
      digests: digests,
      byteCount: info.byteCount,
      domain: plan.domain,
      attachment: cut?.attachment,
      metadata: cut.map { ProjectMetadata.json(of: $0.metadata) } ?? project?.storedText ?? "{}"
    )
  }

  /// What a Maven project file says of its version; one that cannot be read says nothing.
  private func projectObjectModel(
    _ file: StoredFile,
    named name: String,
    in blobs: BlobScope
  ) async -> JSONValue? {
    guard name.hasSuffix(".pom"), file.byteCount <= ProjectObjectModel.maximumByteCount,
      let bytes = try? await blobs.get(file.key, range: nil)
    else { return nil }
    return try? ProjectObjectModel(reading: bytes).metadata
  }
}
