internal import Catalog

/// What a decision about a publication rests on: whether it may come in depends on repositories,
/// package groups and the versions that upstreams hold, and another client may change any of them
/// before it is written.
struct PublishingBasis: Sendable {
  let start: ContentState.Start
  /// The package's restrictions in the repository; nil when it is not there yet.
  let restrictions: OriginRestrictions?
  private let package: PackageCoordinates
  private let version: String
  /// The domain's last change of which everything that is read from now on knows.
  private let serial: Int64

  init(
    of publication: AssetPublication,
    at start: ContentState.Start,
    since serial: Int64,
    restrictions: OriginRestrictions?
  ) {
    self.start = start
    self.restrictions = restrictions
    self.package = publication.package
    self.version = publication.version
    self.serial = serial
  }

  /// Whether nothing that counts has changed since.
  func holds(in rows: some CatalogReading) throws(CatalogError) -> Bool {
    let now = try rows.package(package, in: start.repository)?.restrictions
    guard now == restrictions else { return false }
    // Two spellings may be one Python version.
    return try !rows.hasChanged(
      start.map.id,
      since: serial,
      around: package,
      version: package.format == .pypi ? nil : version,
      in: start.repository
    )
  }
}

extension ContentState {
  /// How often a publication is decided anew because others changed what it depends on.
  private static let attemptLimit = 32

  /// Decides about a publication and writes it, as one step among those of other clients.
  ///
  /// - Parameters:
  ///   - publication: where it goes.
  ///   - attempt: decides and writes; nil when ``PublishingBasis/holds(in:)`` is false in the
  ///     transaction, in which nothing may be written then.
  /// - Returns: what `attempt` returns.
  /// - Throws: what `attempt` throws, unless it was decided on what is no longer so; `throttled`
  ///   when others leave it no chance.
  func deciding<Value: Sendable>(
    on publication: AssetPublication,
    _ attempt: (PublishingBasis) async throws(RepositoryError) -> Value?
  ) async throws(RepositoryError) -> Value {
    for _ in 0..<Self.attemptLimit {
      let basis = try await basis(of: publication)
      do throws(RepositoryError) {
        if let value = try await attempt(basis) { return value }
      } catch {
        let isFinal = try await reading { rows throws(CatalogError) in try basis.holds(in: rows) }
        if isFinal { throw error }
      }
    }
    throw RepositoryError(
      .throttled,
      "Domain \(publication.repository.domain) changed again and again while "
        + "\(publication.package.name) was being published. Try again.",
      retryAfter: .seconds(1)
    )
  }

  /// Looks first how far the domain's journal goes, and then at what it says.
  private func basis(
    of publication: AssetPublication
  ) async throws(RepositoryError) -> PublishingBasis {
    let domain = try await start(at: publication.repository).map.id
    let serial = catalog.serial(of: domain) ?? 0
    let start = try await start(at: publication.repository)
    let (coordinates, repository) = (publication.package, start.repository)
    let package = try await reading { rows throws(CatalogError) in
      try rows.package(coordinates, in: repository)
    }
    return PublishingBasis(
      of: publication,
      at: start,
      since: start.map.id == domain ? serial : 0,
      restrictions: package?.restrictions
    )
  }
}
