internal import Bytes
internal import Catalog
internal import FormatRules

extension ContentState {
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
    let mark = routes.mark(start.map, package.route)
    if let held = try await held(name, of: package, version, in: start.repository) {
      guard held.isOpen else { return nil }
      routes.publish(
        held.file,
        as: route,
        of: package.route,
        in: start.repository,
        readAfter: mark
      )
      return .stored(held.file)
    }
    // Generic packages are never resolved through upstreams (CodeArtifact user guide, "Generic
    // packages overview").
    guard package.format != .generic else { return nil }
    return try await reached(name, of: package, version, from: start)
  }

  private struct HeldAsset: Sendable {
    let file: StoredFile
    let isOpen: Bool
  }

  private func held(
    _ name: String,
    of coordinates: PackageCoordinates,
    _ version: String,
    in repository: RepositoryID
  ) async throws(RepositoryError) -> HeldAsset? {
    try await reading { rows throws(CatalogError) in
      guard let package = try rows.package(coordinates, in: repository),
        let record = try rows.version(version, of: package.id),
        let asset = try rows.asset(name, of: record.id)
      else { return nil }
      let isOpen = record.status == .published || record.status == .unlisted
      return HeldAsset(file: StoredFile(asset), isOpen: isOpen)
    }
  }

  private func reached(
    _ name: String,
    of package: PackageCoordinates,
    _ version: String,
    from start: Start
  ) async throws(RepositoryError) -> FoundFile? {
    let first = try await resolve(package, from: start)
    if let found = try await found(name, of: package, version, first.package, from: start) {
      return found
    }
    guard !first.package.sources.connections.isEmpty else { return nil }
    let moment = clock.now() + (.zero - options.exactMissPause)
    let second = try await resolve(package, from: start, notBefore: moment)
    if let found = try await found(name, of: package, version, second.package, from: start) {
      return found
    }
    if let failure = second.failure { throw RepositoryError(failure) }
    return nil
  }

  private func found(
    _ name: String,
    of package: PackageCoordinates,
    _ version: String,
    _ resolved: ResolvedPackage,
    from start: Start
  ) async throws(RepositoryError) -> FoundFile? {
    guard let places = resolved.places[version] else {
      let file = try await unlisted(name, of: package, version, resolved, from: start)
      if file == nil, let held = resolved.held[version] {
        throw RepositoryError(held, in: start.map.graph.domain.name)
      }
      return file
    }
    for release in places.stored {
      guard let asset = release.assets.first(where: { $0.name == name }) else { continue }
      await retain(release, from: start)
      return .stored(StoredFile(asset))
    }
    guard let external = places.external else {
      return try await unlisted(name, of: package, version, resolved, from: start)
    }
    guard let file = try await promised(name, of: package, by: external) else { return nil }
    return try await join(file, of: package, external, resolved, from: start)
  }

  /// Finds a file of a version that no place lists, in registries whose files are found by path
  /// alone.
  ///
  /// A version that was published into the domain, or is not shown, gains nothing; one that came
  /// from a registry gains files from that registry alone.
  private func unlisted(
    _ name: String,
    of package: PackageCoordinates,
    _ version: String,
    _ resolved: ResolvedPackage,
    from start: Start
  ) async throws(RepositoryError) -> FoundFile? {
    guard listings.findsUnlistedVersions(of: package.format) else { return nil }
    var origins: Set<String> = []
    for release in resolved.sources.releases where release.record.version == version {
      guard release.isOpen, case .ingested(let connection) = release.record.origin else {
        return nil
      }
      origins.insert(connection)
    }
    var externals: [PackageMerge.Places.External] = []
    for case .external(let connection, let repository) in resolved.sources.sources {
      guard origins.isEmpty || origins.contains(connection.rawValue) else { continue }
      externals.append(
        PackageMerge.Places.External(
          connection: connection,
          repository: repository,
          version: ListedVersion(version: version)
        )
      )
    }
    var refusal: HeldBack?
    for external in externals {
      guard let file = try await promised(name, of: package, by: external) else { continue }
      if let held = await heldBack(file, of: package, external, resolved, from: start) {
        // Without a checksum beside it, nothing says that there is such a file at all.
        if !file.hashes.isEmpty { refusal = held }
        continue
      }
      do { return try await join(file, of: package, external, resolved, from: start) } catch {
        guard error.code == .notFound else { throw error }
      }
    }
    if let refusal { throw RepositoryError(refusal, in: start.map.graph.domain.name) }
    return nil
  }

  /// Why a file of a version that no list vouches for is not given; nil when it may be.
  ///
  /// What no list says of its age, the registry's word on when it changed the file does: it is asked
  /// for when somebody wants the file.
  private func heldBack(
    _ file: ListedFile,
    of package: PackageCoordinates,
    _ external: PackageMerge.Places.External,
    _ resolved: ResolvedPackage,
    from start: Start
  ) async -> HeldBack? {
    guard var filter = resolved.filter else { return nil }
    let (version, connection) = (external.version.version, external.connection)
    if filter.shows(version, of: version, from: connection, at: external.repository) { return nil }
    if let changedAt = file.changedAt {
      filter.learn(
        await sightings.note(
          version,
          changedAt: Timestamp(changedAt),
          of: SightingKey(connection: connection, package: package)
        ),
        of: connection
      )
      packages.forget(ResolvedPackages.Key(repository: start.repository, package: package))
    }
    let isShown = filter.shows(version, of: version, from: connection, at: external.repository)
    return isShown ? nil : filter.held[version]
  }

  private func promised(
    _ name: String,
    of package: PackageCoordinates,
    by external: PackageMerge.Places.External
  ) async throws(RepositoryError) -> ListedFile? {
    if let file = external.version.files.first(where: { $0.name == name }) { return file }
    do {
      return try await listings.file(
        name,
        of: package,
        version: external.version.version,
        on: external.connection
      )
    } catch { throw RepositoryError(error) }
  }

  private func join(
    _ file: ListedFile,
    of package: PackageCoordinates,
    _ external: PackageMerge.Places.External,
    _ resolved: ResolvedPackage,
    from start: Start
  ) async throws(RepositoryError) -> FoundFile? {
    guard let address = file.address else { return nil }
    let place = place(for: file, of: package, external, resolved, from: start)
    let flight = flights.join(
      FlightPlan(
        connection: external.connection,
        address: address,
        fileName: file.name,
        hashes: file.hashes,
        byteCount: file.byteCount
      )
    )
    guard flight.add(place) else {
      let landed = try await flight.landing()
      await landing.write(landed, at: [place])
      return .stored(landed.file)
    }
    switch await flight.departed() {
    case .failed(let error): throw error
    case .underWay(let byteCount):
      return .arriving(ArrivingFile(flight: flight, byteCount: byteCount, blobs: blobs))
    }
  }

  private func place(
    for file: ListedFile,
    of package: PackageCoordinates,
    _ external: PackageMerge.Places.External,
    _ resolved: ResolvedPackage,
    from start: Start
  ) -> LandingPlace {
    var repositories = [start.repository]
    if external.repository != start.repository { repositories.append(external.repository) }
    let version = external.version
    return LandingPlace(
      repositories: repositories,
      connection: external.connection,
      package: package,
      displayName: resolved.listing.name,
      version: version.version,
      fileName: file.name,
      uploadedAt: version.publishedAt.map { Timestamp(microseconds: $0.microseconds) },
      attributes: "{}",
      metadata: version.metadata.storedText
    )
  }
}
