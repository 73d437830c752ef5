internal import Catalog
internal import FormatRules

extension ContentState {
  /// What is known of a package as a whole by a search from `start`.
  func knowledge(
    of package: PackageCoordinates,
    from start: Start
  ) async throws(RepositoryError) -> (isKnown: Bool, attributes: JSONValue?) {
    guard package.format != .pypi else {
      return (try await resolve(package.name, from: start).merged.isKnown, nil)
    }
    let resolved = try await resolve(package, from: start).package
    return (resolved.isKnown, resolved.listing.attributes)
  }

  /// Finds a version as a client of `start`'s repository would, and sees to it that one repository
  /// has all its assets in rows: those that are only promised by a registry are fetched into the
  /// repository that has the connection, and the others' are where they are.
  ///
  /// - Returns: the version's row in that repository; nil when there is no such version.
  /// - Throws: `upstreamUnavailable` when an asset has to come from outside and cannot.
  func materialize(
    _ version: String,
    of package: PackageCoordinates,
    from start: Start
  ) async throws(RepositoryError) -> VersionID? {
    let standing =
      package.format == .pypi
      ? try await projectStanding(version, of: package, from: start)
      : try await standing(version, of: package, from: start)
    guard let standing, let node = start.map.graph.nodes[standing.holder] else { return nil }
    let domain = start.map.graph.domain
    let path = RepositoryPath(
      owner: domain.owner,
      domain: domain.name,
      repository: node.repository.name
    )
    try await fetch(standing.missing, of: package, version, at: path)
    let (holder, spellings) = (standing.holder, standing.spellings)
    return try await reading { rows throws(CatalogError) in
      guard let found = try rows.package(package, in: holder) else { return nil }
      for spelling in spellings {
        if let record = try rows.version(spelling, of: found.id) { return record.id }
      }
      return nil
    }
  }

  /// Where a version stands before its assets are all in one place.
  private struct Standing {
    /// The repository whose row of it is to be completed.
    let holder: RepositoryID
    /// Assets that the row lacks.
    let missing: [String]
    /// How rows may spell the version.
    let spellings: [String]
  }

  private func standing(
    _ version: String,
    of package: PackageCoordinates,
    from start: Start
  ) async throws(RepositoryError) -> Standing? {
    let isWanted: @Sendable (PackageListing) -> Bool = { listing in
      listing.versions.contains { $0.version == version }
    }
    let resolution = try await resolve(package, from: start, until: isWanted)
    let resolved = resolution.package
    guard let places = resolved.places[version],
      let listed = resolved.listing.versions.first(where: { $0.version == version })
    else {
      if let failure = resolution.failure { throw RepositoryError(failure) }
      return nil
    }
    guard let holder = places.stored.first?.repository ?? places.external?.repository else {
      return nil
    }
    let held = Set(places.stored.first?.assets.map(\.name) ?? [])
    var wanted = listed.files.map(\.name)
    // Where files are found by path alone, these are the ones that there usually are.
    if places.external != nil { wanted += listings.usualFiles(of: package, version: version) }
    return Standing(
      holder: holder,
      missing: wanted.filter { !held.contains($0) },
      spellings: [version]
    )
  }

  private func projectStanding(
    _ version: String,
    of package: PackageCoordinates,
    from start: Start
  ) async throws(RepositoryError) -> Standing? {
    let wanted = PythonVersion(version)
    var resolution = try await resolve(package.name, from: start)
    if !resolution.merged.files.values.contains(where: { $0.version == wanted }) {
      resolution = try await resolve(package.name, from: start, asking: onceMore)
    }
    let files = resolution.merged.files.values.filter { $0.version == wanted }
    guard let first = files.first else {
      if let failure = resolution.failure { throw RepositoryError(failure) }
      return nil
    }
    let holder =
      files.lazy.compactMap(\.storedIn).first ?? first.external?.repository
    guard let holder else { return nil }
    return Standing(
      holder: holder,
      missing: files.filter { $0.storedIn != holder }.map(\.listing.fileName).sorted(),
      spellings: [version, wanted.normalized]
    )
  }

  /// Begins all fetches, and waits until what they bring is in rows.
  private func fetch(
    _ names: [String],
    of package: PackageCoordinates,
    _ version: String,
    at path: RepositoryPath
  ) async throws(RepositoryError) {
    var arriving: [ArrivingFile] = []
    for name in names {
      let found =
        package.format == .pypi
        ? try await file(name, of: package.name, version: version, at: path)
        : try await file(name, of: package, version: version, at: path)
      if case .arriving(let file) = found { arriving.append(file) }
    }
    for file in arriving {
      do throws(RepositoryError) { _ = try await file.stored() } catch {
        // A file that is found by path alone may not be there.
        let failure = error.cause as? ExternalFailure
        guard failure?.kind == .absent else { throw error }
      }
    }
  }
}

extension MergedFile {
  /// The repository whose rows have the file.
  fileprivate var storedIn: RepositoryID? {
    guard case .stored(let release, _) = place else { return nil }
    return release.repository
  }
}
