internal import Bytes
internal import Catalog
internal import FormatRules

extension ContentState {
  /// Finds a file of a version that no place lists, in registries whose files are found by path
  /// alone: all are asked at once for what they promise, and the first in order that has it wins.
  ///
  /// See ``ProjectSources/registries(of:)`` for who is asked.
  func unlisted(
    _ wanted: WantedFile,
    _ context: FetchContext
  ) async throws(RepositoryError) -> FileOutcome {
    guard listings.findsUnlistedVersions(of: wanted.package.format) else { return .unknown }
    let externals = context.sources.registries(of: wanted.version).map { connection, repository in
      PackageMerge.Places.External(
        connection: connection,
        repository: repository,
        version: ListedVersion(version: wanted.version)
      )
    }
    return try await first(of: externals, with: wanted, context)
  }

  private func first(
    of externals: [PackageMerge.Places.External],
    with wanted: WantedFile,
    _ context: FetchContext
  ) async throws(RepositoryError) -> FileOutcome {
    let asked = externals.map { external in
      Task { () -> Result<ListedFile?, RepositoryError> in
        do throws(RepositoryError) {
          return .success(try await self.promised(wanted, by: external, context))
        } catch { return .failure(error) }
      }
    }
    var last = FileOutcome.unknown
    for (external, task) in zip(externals, asked) {
      let outcome = try await file(wanted, of: external, context) {
        () async throws(RepositoryError) in
        guard let file = try await task.value.get() else { return nil }
        return try await self.isOpen(file, of: external, wanted, context) ? file : nil
      }
      switch outcome {
      case .found: return outcome
      case .absent: last = outcome
      case .unknown: continue
      }
    }
    return last
  }

  /// Whether no cool-down holds a file back.
  ///
  /// - Throws: `accessDenied` when one does, and the file is known to be there.
  private func isOpen(
    _ file: ListedFile,
    of external: PackageMerge.Places.External,
    _ wanted: WantedFile,
    _ context: FetchContext
  ) async throws(RepositoryError) -> Bool {
    guard let held = await heldBack(file, of: external, wanted, context) else { return true }
    // Without a checksum beside it, nothing says that there is such a file at all.
    guard file.hashes.isEmpty else { throw RepositoryError(held, in: wanted.start) }
    return false
  }

  /// Why a file of a version that no list vouches for is not given; nil when it may be.
  ///
  /// What no list says of its age, the registry's word on when it changed the file does: it is
  /// asked for when somebody wants the file.
  private func heldBack(
    _ file: ListedFile,
    of external: PackageMerge.Places.External,
    _ wanted: WantedFile,
    _ context: FetchContext
  ) async -> HeldBack? {
    guard var filter = context.filter else { return nil }
    let (version, place) = (wanted.version, external.repository)
    if filter.shows(version, of: version, from: external.connection, at: place) { return nil }
    if let changedAt = file.changedAt {
      let known = await sightings.note(
        version,
        changedAt: Timestamp(changedAt),
        of: SightingKey(connection: external.connection, package: wanted.package)
      )
      filter.learn(known, of: external.connection)
      packages.forget(
        ResolvedPackages.Key(repository: wanted.start.repository, package: wanted.package)
      )
    }
    let isShown = filter.shows(version, of: version, from: external.connection, at: place)
    return isShown ? nil : filter.held[version]
  }
}

extension ProjectSources {
  /// The registries that may have more files of a version, and the repositories that ask them.
  ///
  /// A version that was published into the domain, or is not shown, gains nothing; one that came
  /// from a registry gains files from that registry alone.
  func registries(of version: String) -> [(connection: ExternalConnection, at: RepositoryID)] {
    var origins: Set<String> = []
    for release in releases where release.record.version == version {
      guard release.isOpen, case .ingested(let connection) = release.record.origin else {
        return []
      }
      origins.insert(connection)
    }
    return sources.compactMap { source in
      guard case .external(let connection, let repository) = source,
        origins.isEmpty || origins.contains(connection.rawValue)
      else { return nil }
      return (connection, repository)
    }
  }
}
