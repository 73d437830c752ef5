internal import Catalog
internal import FormatRules

extension ContentState {
  /// Asks registries for what a search beyond the domain is going to want of them, all at once.
  ///
  /// Nobody is asked whom the search itself would not ask: `sources` has left out what private
  /// names, package groups and blocked packages close. What is held in the domain is not asked for.
  /// A registry that failed lately is spared too: its first request decides whether there are more.
  func askEarly(for wanted: WantedFile, _ sources: ProjectSources) -> EarlyAnswers {
    var early = EarlyAnswers()
    let registries = Set(sources.registries(of: wanted.version).map(\.connection))
    let reaches = sources.reaches.filter {
      registries.contains($0.connection) && shelf.silence(of: $0.connection, $0.terms) == nil
        && shelf.external.isAnswering($0.connection.rawValue)
    }
    guard !reaches.isEmpty, !sources.holds(wanted) else { return early }
    let isByPath = listings.findsUnlistedVersions(of: wanted.package.format)
    // Of several registries one is going to be wanted; and what is too young is not to be had.
    if sources.reaches.count == 1, let connection = reaches.first?.connection,
      isByPath || listings.atHand(wanted.package, on: connection) == nil,
      !mayHoldBack(sources, from: wanted.start)
    {
      early.download = download(of: wanted, by: connection, sources)
    }
    var start: HeadStart?
    switch early.download?.state {
    case .absent: return early
    case .underWay(let begun): start = begun
    case nil: break
    }
    guard isByPath else { return early }
    for reach in reaches {
      early.promises[reach.connection] = promise(of: wanted, by: reach, beside: start)
    }
    return early
  }

  private func promise(
    of wanted: WantedFile,
    by reach: ExternalReach,
    beside start: HeadStart?
  ) -> EarlyAnswers.Promise {
    // Held weakly: it is the search's to let go of.
    let isAbsent = { @Sendable [weak start] in await start?.isAbsent() ?? false }
    return errands.run { [listings] in
      do throws(ExternalFailure) {
        return .success(
          try await listings.file(
            wanted.name,
            of: wanted.package,
            version: wanted.version,
            on: reach,
            notBefore: nil,
            isAbsent: isAbsent
          )
        )
      } catch { return .failure(error) }
    }
  }

  private func download(
    of wanted: WantedFile,
    by connection: ExternalConnection,
    _ sources: ProjectSources
  ) -> (source: HeadStart.Source, state: EarlyAnswers.Download)? {
    guard
      let source = listings.likelySource(
        of: wanted.name,
        wanted.package,
        version: wanted.version,
        on: connection
      )
    else { return nil }
    let plan = FlightPlan(unpromised: wanted.name, from: source, for: wanted.start.map.id)
    if let moment = flights.absence(of: plan), isRecent(moment, .freely) {
      return (source, .absent(moment))
    }
    let start = flights.headStart(source) {
      routes.mark(wanted.start.map, wanted.package.route) == sources.mark
    }
    return start.map { (source, .underWay($0)) }
  }

  /// The file as it would be without a promise, when its registry has said that it is not there.
  ///
  /// What is not there needs no checksum, and a wait for one would be for nothing.
  func absentFile(
    _ wanted: WantedFile,
    on connection: ExternalConnection,
    _ asking: Asking
  ) async -> ListedFile? {
    guard let (source, state) = wanted.early.download, source.connection == connection else {
      return nil
    }
    let isAbsent =
      switch state {
      case .underWay(let start): await start.isAbsent()
      case .absent(let moment): isRecent(moment, asking)
      }
    return isAbsent ? ListedFile(name: wanted.name, address: source.address) : nil
  }
}

extension FlightPlan {
  /// The fetch of a file of which nothing is promised.
  fileprivate init(
    unpromised name: String,
    from source: HeadStart.Source,
    for domain: DomainID
  ) {
    self.init(
      domain: domain,
      connection: source.connection,
      address: source.address,
      fileName: name,
      hashes: [:],
      byteCount: nil
    )
  }
}

extension ProjectSources {
  /// Whether the file is in a repository on the way.
  fileprivate func holds(_ wanted: ContentState.WantedFile) -> Bool {
    releases.contains { release in
      release.record.version == wanted.version
        && release.assets.contains { $0.name == wanted.name }
    }
  }
}
