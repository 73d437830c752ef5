internal import Bytes
internal import Catalog
internal import FormatRules

extension ContentState {
  /// Begins or joins the fetch of a file, unless its source said a moment ago that it has none.
  ///
  /// While the source cannot be asked, what it said last stands: a build that asks for a file that
  /// was never there goes on.
  func fetch(
    _ file: ListedFile,
    of external: PackageMerge.Places.External,
    _ wanted: WantedFile,
    _ context: FetchContext
  ) async throws(RepositoryError) -> FileOutcome {
    let domain = wanted.start.map.id
    guard let plan = FlightPlan(file, on: external.connection, for: domain) else {
      return .unknown
    }
    let absence = flights.absence(of: plan)
    if let absence, isRecent(absence, context.asking) { return .absent }
    do throws(RepositoryError) {
      try requireAsking(external.connection, context.sources)
      let place = place(for: file, of: external, wanted, context)
      let mark = context.sources.mark
      return .found(try await fetch(plan, for: place, readAfter: mark, from: wanted.start))
    } catch {
      guard let failure = error.cause as? ExternalFailure else { throw error }
      let isKnown = absence != nil && failure.isSilence
      guard failure.kind == .absent || isKnown else { throw error }
      // What was promised and is not there may be there yet.
      if failure.kind == .absent, file.hashes.isEmpty {
        shelf.noteAbsence(of: plan.address, on: external.connection)
      }
      return .absent
    }
  }

  func isRecent(_ absence: Timestamp, _ asking: Asking) -> Bool {
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
  init?(
    _ file: ListedFile,
    on connection: ExternalConnection,
    for domain: DomainID
  ) {
    guard let address = file.address else { return nil }
    self.init(
      domain: domain,
      connection: connection,
      address: address,
      fileName: file.name,
      hashes: file.hashes,
      byteCount: file.byteCount
    )
  }
}
