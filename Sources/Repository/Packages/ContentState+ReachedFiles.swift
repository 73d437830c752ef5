internal import Bytes
internal import Catalog
internal import FormatRules

extension ContentState {
  /// What became of the search for a file beyond the repository's own rows.
  enum FileOutcome: Sendable {
    case found(FoundFile)
    /// The registry that has the version says that it has no such file.
    case absent
    /// No place is known that should have it.
    case unknown
  }

  /// What a fetch has to know of the search that it belongs to.
  struct FetchContext: Sendable {
    let sources: ProjectSources
    let displayName: String
    let asking: Asking
    /// What cool-downs left out; nil when none applies.
    let filter: CoolDownFilter?

    init(
      _ sources: ProjectSources,
      named displayName: String,
      _ asking: Asking,
      _ filter: CoolDownFilter? = nil
    ) {
      self.sources = sources
      self.displayName = displayName
      self.asking = asking
      self.filter = filter
    }
  }

  /// Looks for a file in the merged package.
  func search(
    for wanted: WantedFile,
    in resolved: ResolvedPackage,
    _ asking: Asking
  ) async throws(RepositoryError) -> FileOutcome {
    let context = FetchContext(
      resolved.sources,
      named: resolved.listing.name,
      asking,
      resolved.filter
    )
    guard let places = resolved.places[wanted.version] else {
      let outcome = try await unlisted(wanted, context)
      if case .unknown = outcome, let held = resolved.held[wanted.version] {
        throw RepositoryError(held, in: wanted.start)
      }
      return outcome
    }
    for release in places.stored {
      guard let asset = release.assets.first(where: { $0.name == wanted.name }) else { continue }
      await retain(release, of: wanted.package, from: wanted.start)
      return .found(.stored(StoredFile(asset)))
    }
    guard let external = places.external else { return try await unlisted(wanted, context) }
    return try await file(wanted, of: external, context)
  }

  /// Finds a file of a version that no place lists, in registries whose files are found by path
  /// alone: all are asked at once for what they promise, and the first in order that has it wins.
  ///
  /// A version that was published into the domain, or is not shown, gains nothing; one that came
  /// from a registry gains files from that registry alone.
  private func unlisted(
    _ wanted: WantedFile,
    _ context: FetchContext
  ) async throws(RepositoryError) -> FileOutcome {
    guard listings.findsUnlistedVersions(of: wanted.package.format) else { return .unknown }
    var origins: Set<String> = []
    for release in context.sources.releases where release.record.version == wanted.version {
      guard release.isOpen, case .ingested(let connection) = release.record.origin else {
        return .unknown
      }
      origins.insert(connection)
    }
    var externals: [PackageMerge.Places.External] = []
    for case .external(let connection, let repository) in context.sources.sources {
      guard origins.isEmpty || origins.contains(connection.rawValue) else { continue }
      externals.append(
        PackageMerge.Places.External(
          connection: connection,
          repository: repository,
          version: ListedVersion(version: wanted.version)
        )
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
    var outcome = FileOutcome.unknown
    for (external, task) in zip(externals, asked) {
      guard let file = try await task.value.get() else { continue }
      if let held = await heldBack(file, of: external, wanted, context) {
        // Without a checksum beside it, nothing says that there is such a file at all.
        guard file.hashes.isEmpty else { throw RepositoryError(held, in: wanted.start) }
        continue
      }
      outcome = try await fetch(file, of: external, wanted, context)
      if case .found = outcome { return outcome }
    }
    return outcome
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

  /// Finds a file of a version that a registry lists.
  func file(
    _ wanted: WantedFile,
    of external: PackageMerge.Places.External,
    _ context: FetchContext
  ) async throws(RepositoryError) -> FileOutcome {
    guard let file = try await promised(wanted, by: external, context) else { return .unknown }
    return try await fetch(file, of: external, wanted, context)
  }

  private func promised(
    _ wanted: WantedFile,
    by external: PackageMerge.Places.External,
    _ context: FetchContext
  ) async throws(RepositoryError) -> ListedFile? {
    if let file = external.version.files.first(where: { $0.name == wanted.name }) { return file }
    guard let reach = context.sources.reach(of: external.connection) else { return nil }
    do throws(ExternalFailure) {
      return try await listings.file(
        wanted.name,
        of: wanted.package,
        version: wanted.version,
        on: reach,
        notBefore: context.asking.notBefore
      )
    } catch { throw RepositoryError(error) }
  }

  /// Begins or joins the fetch of a file, unless its source said a moment ago that it has none.
  ///
  /// While the source cannot be asked, what it said last stands: a build that asks for a file that
  /// was never there goes on.
  private func fetch(
    _ file: ListedFile,
    of external: PackageMerge.Places.External,
    _ wanted: WantedFile,
    _ context: FetchContext
  ) async throws(RepositoryError) -> FileOutcome {
    guard let plan = FlightPlan(file, on: external.connection) else { return .unknown }
    let absence = flights.absence(of: plan)
    if let absence, isRecent(absence, context.asking) { return .absent }
    do throws(RepositoryError) {
      try requireAsking(external.connection, context.sources)
      let place = place(for: file, of: external, wanted, context)
      let mark = context.sources.mark
      return .found(try await fetch(plan, for: place, readAfter: mark, from: wanted.start))
    } catch {
      guard let failure = error.cause as? ExternalFailure else { throw error }
      let isKnown = absence != nil && (failure.isTransient || failure.kind == .offline)
      guard failure.kind == .absent || isKnown else { throw error }
      return .absent
    }
  }

  private func isRecent(_ absence: Timestamp, _ asking: Asking) -> Bool {
    clock.now() - absence < options.negativeFreshness
      && asking.notBefore.map { absence >= $0 } ?? true
  }

  private func place(
    for file: ListedFile,
    of external: PackageMerge.Places.External,
    _ wanted: WantedFile,
    _ context: FetchContext
  ) -> LandingPlace {
    var repositories = [wanted.start.repository]
    if external.repository != wanted.start.repository { repositories.append(external.repository) }
    let version = external.version
    return LandingPlace(
      repositories: repositories,
      connection: external.connection,
      package: wanted.package,
      restrictionsWhenNew: OriginRules(for: wanted.package, in: wanted.start.map.graph.groups)
        .restrictionsWhenNew(.ingested),
      displayName: context.displayName,
      version: version.version,
      fileName: file.name,
      uploadedAt: version.publishedAt.map { Timestamp(microseconds: $0.microseconds) },
      attributes: "{}",
      metadata: version.metadata.storedText
    )
  }
}

extension FlightPlan {
  /// The fetch of a file that a registry promises; nil when it does not say where.
  fileprivate init?(_ file: ListedFile, on connection: ExternalConnection) {
    guard let address = file.address else { return nil }
    self.init(
      connection: connection,
      address: address,
      fileName: file.name,
      hashes: file.hashes,
      byteCount: file.byteCount
    )
  }
}
