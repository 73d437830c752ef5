internal import Bytes
internal import Catalog
internal import FormatRules

extension ContentState {
  /// A file that a client wants, and where it asks for it.
  struct WantedFile: Sendable {
    let name: String
    let package: PackageCoordinates
    let version: String
    let start: Start
    /// What was asked of registries before it was known what they say of the package.
    var early = EarlyAnswers()
  }

  /// Finds a file of a version; nil when no place that `path` reaches has it.
  ///
  /// A known file costs one lookup in memory, one that the repository's own rows have a point read
  /// the first time. Everything else goes through the merged package, and what is in none of it
  /// asks the registries once more before it is taken for absent.
  func file(
    _ name: String,
    of package: PackageCoordinates,
    version: String,
    at path: RepositoryPath
  ) async throws(RepositoryError) -> FoundFile? {
    let start = try await start(at: path)
    let route = "\(version)/\(name)"
    if let file = routes.file(route, of: package.route, in: start.repository, start.map.id) {
      return .stored(file)
    }
    if let held = try await heldFile(name, of: package, version, in: start, as: route) {
      return held.isOpen ? .stored(held.file) : nil
    }
    // Generic packages are never resolved through upstreams (CodeArtifact user guide, "Generic
    // packages overview").
    guard package.format != .generic else { return nil }
    return try await reached(
      WantedFile(name: name, package: package, version: version, start: start)
    )
  }

  /// A file that a repository's own rows have.
  struct HeldAsset: Sendable {
    let file: StoredFile
    /// Whether its version may be downloaded from.
    let isOpen: Bool
  }

  /// Finds a file in a repository's own rows, and remembers under `route` what they say.
  private func heldFile(
    _ name: String,
    of package: PackageCoordinates,
    _ version: String,
    in start: Start,
    as route: String
  ) async throws(RepositoryError) -> HeldAsset? {
    let (place, repository) = (package.route, start.repository)
    let mark = routes.mark(start.map, place)
    guard !routes.isAbsent(route, of: place, in: repository, at: mark) else { return nil }
    guard let held = try await held(name, of: package, version, in: start) else {
      routes.publishAbsence(of: route, of: place, in: repository, readAfter: mark)
      return nil
    }
    if held.isOpen {
      routes.publish(held.file, as: route, of: place, in: repository, readAfter: mark)
    }
    return held
  }

  /// Finds a file in a repository's own rows.
  func held(
    _ name: String,
    of coordinates: PackageCoordinates,
    _ version: String,
    in start: Start
  ) async throws(RepositoryError) -> HeldAsset? {
    let (repository, domain) = (start.repository, start.map.id)
    return try await reading { rows throws(CatalogError) in
      guard let package = try rows.package(coordinates, in: repository),
        let record = try rows.version(version, of: package.id),
        let asset = try rows.asset(name, of: record.id)
      else { return nil }
      let isOpen = record.status == .published || record.status == .unlisted
      return HeldAsset(file: StoredFile(asset, in: domain), isOpen: isOpen)
    }
  }

  private func reached(_ wanted: WantedFile) async throws(RepositoryError) -> FoundFile? {
    var wanted = wanted
    let sources = try await sources(of: wanted.package, from: wanted.start)
    wanted.early = askEarly(for: wanted, sources)
    do throws(RepositoryError) { return try await reached(wanted, sources) } catch {
      await wanted.early.settle()
      throw error
    }
  }

  private func reached(
    _ wanted: WantedFile,
    _ sources: ProjectSources
  ) async throws(RepositoryError) -> FoundFile? {
    if let file = try await decided(wanted, sources) { return file }
    let first = try await resolve(wanted.package, from: wanted.start)
    if case .found(let file) = try await search(for: wanted, in: first.package, .freely) {
      return file
    }
    guard !first.package.sources.reaches.isEmpty else { return nil }
    let asking = onceMore
    let second = try await resolve(wanted.package, from: wanted.start, asking: asking)
    switch try await search(for: wanted, in: second.package, asking) {
    case .found(let file): return file
    case .absent: return nil
    case .unknown:
      if let failure = second.failure { throw RepositoryError(failure) }
      return nil
    }
  }

  /// Looks for the file place by place, where several registries are reached: all are asked at
  /// once, and the first in order that has the version decides, without waiting for the others.
  ///
  /// Nil leaves it to the whole search, which comes to the same wherever this finds something, and
  /// knows about cool-downs.
  private func decided(
    _ wanted: WantedFile,
    _ sources: ProjectSources
  ) async throws(RepositoryError) -> FoundFile? {
    guard sources.reaches.count > 1, !mayHoldBack(sources, from: wanted.start) else { return nil }
    let asked = asked(wanted.package, on: sources.reaches)
    var origins: Set<String> = []
    for source in sources.sources {
      switch source {
      case .stored(let releases):
        guard let release = releases.first(where: { $0.record.version == wanted.version })
        else { continue }
        guard release.isOpen else { return nil }
        if let asset = release.assets.first(where: { $0.name == wanted.name }) {
          await retain(release, of: wanted.package, from: wanted.start)
          return .stored(StoredFile(asset, in: wanted.start.map.id))
        }
        guard case .ingested(let connection) = release.record.origin else { return nil }
        origins.insert(connection)
      case .external(let connection, let repository):
        guard origins.isSubset(of: [connection.rawValue]),
          let listing = await asked[connection]?.value.listing?.listing,
          let version = listing.versions.first(where: { $0.version == wanted.version })
        else { continue }
        let external = PackageMerge.Places.External(
          connection: connection,
          repository: repository,
          version: version
        )
        let outcome = try await file(
          wanted,
          of: external,
          FetchContext(sources, named: sources.displayName ?? listing.name, .freely)
        )
        if case .found(let file) = outcome { return file }
        return nil
      }
    }
    return nil
  }

  private func asked(
    _ package: PackageCoordinates,
    on reaches: [ExternalReach]
  ) -> [ExternalConnection: Task<ExternalListings.Finding, Never>] {
    var asked: [ExternalConnection: Task<ExternalListings.Finding, Never>] = [:]
    for reach in reaches {
      asked[reach.connection] = Task { [listings] in
        let finding = await listings.finding(package, on: reach, notBefore: nil)
        if let list = finding.listing.flatMap(RegistryList.init) {
          noteLater(list, of: SightingKey(connection: reach.connection, package: package))
        }
        return finding
      }
    }
    return asked
  }
}
