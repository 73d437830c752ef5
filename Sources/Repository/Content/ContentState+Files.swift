internal import Bytes
internal import Catalog
internal import FormatRules

extension ContentState {
  /// Finds a file; nil when no place that `path` reaches has it.
  ///
  /// A known file costs one lookup in memory. One that the repository's own rows have costs one
  /// point read, the first time. Everything else goes through the merged project; and what is in
  /// none of it asks the external indexes once more before it is taken for absent.
  func file(
    _ name: String,
    of project: String,
    version: String?,
    at path: RepositoryPath
  ) async throws(RepositoryError) -> FoundFile? {
    let start = try await start(at: path)
    if let file = routes.file(name, of: project, in: start.repository, start.map.id) {
      return .stored(file)
    }
    if let held = try await heldFile(name, of: project, from: start) {
      return held.isOpen(as: version) ? .stored(held.file) : nil
    }
    guard let found = try await mergedFile(name, of: project, from: start),
      version.map({ PythonVersion($0) == found.file.version }) ?? true
    else { return nil }
    return try await fetch(found.file, named: name, of: project, found.merged, from: start)
  }

  /// A file that the repository itself holds, and the version it belongs to.
  private struct HeldFile: Sendable {
    let file: StoredFile
    let version: VersionRecord

    func isOpen(as wanted: String?) -> Bool {
      (version.status == .published || version.status == .unlisted)
        && wanted.map { PythonVersion($0) == PythonVersion(version.version) } ?? true
    }
  }

  private func heldFile(
    _ name: String,
    of project: String,
    from start: Start
  ) async throws(RepositoryError) -> HeldFile? {
    let mark = routes.mark(start.map, project)
    let (coordinates, repository, domain) = (
      PackageCoordinates(format: .pypi, name: project), start.repository, start.map.id
    )
    guard !routes.isAbsent(name, of: project, in: repository, at: mark) else { return nil }
    let held = try await reading { rows throws(CatalogError) -> HeldFile? in
      guard let package = try rows.package(coordinates, in: repository),
        let found = try rows.assets(named: name, ofPackage: package.id, limit: 1).first
      else { return nil }
      return HeldFile(file: StoredFile(found.asset, in: domain), version: found.version)
    }
    guard let held else {
      routes.publishAbsence(of: name, of: project, in: repository, readAfter: mark)
      return nil
    }
    if held.isOpen(as: nil) {
      routes.publish(held.file, as: name, of: project, in: repository, readAfter: mark)
    }
    return held
  }

  /// Looks `name` up in the merged project, asking external indexes anew when it is not there.
  ///
  /// - Throws: `accessDenied` when a cool-down holds it back.
  func mergedFile(
    _ name: String,
    of project: String,
    from start: Start
  ) async throws(RepositoryError) -> (file: MergedFile, merged: MergedProject)? {
    let resolution = try await resolve(project, from: start)
    if let file = resolution.merged.files[name] { return (file, resolution.merged) }
    try refuse(name, heldBackIn: resolution.merged, from: start)
    guard !resolution.merged.sources.reaches.isEmpty else { return nil }
    let second = try await resolve(project, from: start, asking: onceMore)
    if let file = second.merged.files[name] { return (file, second.merged) }
    try refuse(name, heldBackIn: second.merged, from: start)
    if let failure = second.failure { throw RepositoryError(failure) }
    return nil
  }

  private func refuse(
    _ name: String,
    heldBackIn merged: MergedProject,
    from start: Start
  ) throws(RepositoryError) {
    guard let held = merged.filter?.held[name] else { return }
    throw RepositoryError(held, in: start)
  }

  private func fetch(
    _ file: MergedFile,
    named name: String,
    of project: String,
    _ merged: MergedProject,
    from start: Start
  ) async throws(RepositoryError) -> FoundFile? {
    switch file.place {
    case .stored(let release, let asset):
      await retain(release, of: PackageCoordinates(format: .pypi, name: project), from: start)
      return .stored(StoredFile(asset, in: start.map.id))
    case .external:
      guard let external = file.external else { return nil }
      let displayName = merged.sources.displayName ?? project
      try requireAsking(external.connection, merged.sources)
      let place = place(for: external, of: project, file.version, displayName, from: start)
      let mark = merged.sources.mark
      let plan = FlightPlan(external, for: start.map.id)
      return try await fetch(plan, for: place, readAfter: mark, from: start)
    }
  }

  /// Keeps a version that an upstream holds in the repository the client talked to, by reference
  /// (CodeArtifact user guide, "Package retention from upstream repositories").
  ///
  /// When that fails the download goes on: the next one tries again.
  func retain(
    _ release: StoredRelease,
    of package: PackageCoordinates,
    from start: Start
  ) async {
    guard release.repository != start.repository else { return }
    let whenNew = OriginRules(for: package, in: start.map.graph.groups)
      .restrictionsWhenNew(.retained)
    let (version, repository, now) = (release.record, start.repository, clock.now())
    _ = try? await catalog.write { transaction throws(CatalogError) in
      try transaction.retain(
        version,
        in: [repository],
        restrictionsWhenNew: whenNew,
        at: now
      )
    }
  }

  /// Refuses to fetch through a connection that is to be left alone.
  func requireAsking(
    _ connection: ExternalConnection,
    _ sources: ProjectSources
  ) throws(RepositoryError) {
    guard let reach = sources.reach(of: connection),
      let silence = shelf.silence(of: connection, reach.terms)
    else { return }
    throw RepositoryError(silence)
  }

  private func place(
    for external: MergedFile.External,
    of project: String,
    _ version: PythonVersion,
    _ displayName: String,
    from start: Start
  ) -> LandingPlace {
    var repositories = [start.repository]
    if external.repository != start.repository { repositories.append(external.repository) }
    let package = PackageCoordinates(format: .pypi, name: project)
    return LandingPlace(
      repositories: repositories,
      connection: external.connection,
      package: package,
      restrictionsWhenNew: OriginRules(for: package, in: start.map.graph.groups)
        .restrictionsWhenNew(.ingested),
      displayName: displayName,
      version: version.normalized,
      fileName: external.file.fileName,
      uploadedAt: external.file.uploadTime.map { Timestamp(microseconds: $0.microseconds) },
      attributes: ProjectFileAttributes(external.file).json
    )
  }
}

extension FlightPlan {
  /// The fetch of a file that an index lists.
  init(_ external: MergedFile.External, for domain: DomainID) {
    self.init(
      domain: domain,
      connection: external.connection,
      address: external.file.url,
      fileName: external.file.fileName,
      hashes: external.file.hashes,
      byteCount: external.file.byteCount
    )
  }
}

extension StoredFile {
  /// The file whose row this is.
  init(_ asset: AssetRecord, in domain: DomainID) {
    self.init(
      key: asset.digests.sha256,
      byteCount: UInt64(asset.byteCount),
      in: domain,
      digests: asset.digests,
      storedAt: asset.uploadedAt
    )
  }
}
