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
      return .found(.stored(StoredFile(asset, in: wanted.start.map.id)))
    }
    guard let external = places.external else { return try await unlisted(wanted, context) }
    return try await file(wanted, of: external, context)
  }

  /// Finds a file of a version that a registry lists.
  func file(
    _ wanted: WantedFile,
    of external: PackageMerge.Places.External,
    _ context: FetchContext
  ) async throws(RepositoryError) -> FileOutcome {
    try await file(wanted, of: external, context) { () async throws(RepositoryError) in
      try await self.promised(wanted, by: external, context)
    }
  }

  /// Fetches what a registry promises of a file.
  ///
  /// While the registry cannot be asked, a file of which it had no trace before counts as absent,
  /// after a restart as well: a build that asks for what was never there goes on.
  func file(
    _ wanted: WantedFile,
    of external: PackageMerge.Places.External,
    _ context: FetchContext,
    promise: () async throws(RepositoryError) -> ListedFile?
  ) async throws(RepositoryError) -> FileOutcome {
    var isWithoutTrace = false
    do throws(RepositoryError) {
      guard let file = try await promise() else { return .unknown }
      isWithoutTrace = file.isWithoutTrace
      return try await fetch(file, of: external, wanted, context)
    } catch {
      guard let failure = error.cause as? ExternalFailure, failure.isSilence else { throw error }
      if failure.impliesAbsence || isWithoutTrace { return .absent }
      guard await wasAbsent(wanted, on: external.connection) else { throw error }
      return .absent
    }
  }

  /// Whether the registry has said of the file itself that it is not there.
  private func wasAbsent(_ wanted: WantedFile, on connection: ExternalConnection) async -> Bool {
    let source = listings.likelySource(
      of: wanted.name,
      wanted.package,
      version: wanted.version,
      on: connection
    )
    guard let source else { return false }
    return await shelf.knowsAbsence(of: source.address, on: connection)
  }

  func promised(
    _ wanted: WantedFile,
    by external: PackageMerge.Places.External,
    _ context: FetchContext
  ) async throws(RepositoryError) -> ListedFile? {
    if let file = external.version.files.first(where: { $0.name == wanted.name }) { return file }
    if let file = await absentFile(wanted, on: external.connection, context.asking) {
      return file
    }
    if let promise = wanted.early.promises[external.connection], context.asking == .freely {
      do throws(ExternalFailure) { return try await promise.value.get() } catch {
        throw RepositoryError(error)
      }
    }
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
}
