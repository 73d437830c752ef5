internal import Bytes
internal import Catalog
internal import FormatRules

extension ContentState {
  /// A package as it is to be shown now, and what could not be asked on the way.
  struct PackageResolution: Sendable {
    let package: ResolvedPackage
    let staleness: Duration?
    /// Why something that is missing might yet be there: a registry of which nothing is known
    /// could not be asked, or one was left alone on purpose.
    let failure: ExternalFailure?
  }

  /// One resolution of a package that is not at hand: whoever wants the same may share it, since
  /// nothing has changed here, and nobody has wished for news, since it began.
  struct Resolving: Hashable {
    fileprivate let key: ResolvedPackages.Key
    fileprivate let mark: Epochs.Mark
    fileprivate let asking: Asking
    fileprivate let wishCount: UInt64
  }

  /// Resolves a package from `start`.
  ///
  /// What is not at hand is resolved once for any crowd: where each waits for every step of the way
  /// by itself, a thousand stand between one step and the next (20 ms of the processor each time).
  func resolve(
    _ package: PackageCoordinates,
    from start: Start,
    asking: Asking = .freely
  ) async throws(RepositoryError) -> PackageResolution {
    let key = ResolvedPackages.Key(repository: start.repository, package: package)
    guard packages[key] == nil else {
      return try await resolveAlone(package, from: start, asking)
    }
    let resolving = Resolving(
      key: key,
      mark: routes.mark(start.map, package.route),
      asking: asking,
      wishCount: shelf.wishes.count
    )
    return try await resolutions.value(for: resolving) { () async throws(RepositoryError) in
      try await self.resolveAlone(package, from: start, asking)
    }
  }

  private func resolveAlone(
    _ package: PackageCoordinates,
    from start: Start,
    _ asking: Asking
  ) async throws(RepositoryError) -> PackageResolution {
    let sources = try await sources(of: package, from: start)
    let findings = await findings(package, on: sources.reaches, asking)
    let failures = sources.connections.compactMap { findings[$0] }
    return PackageResolution(
      package: try await resolved(package, sources, findings, from: start),
      staleness: failures.compactMap(\.staleness).max(),
      failure: failures.first { $0.listing == nil || $0.failure?.kind == .offline }?.failure
    )
  }

  /// Resolves a package, asking registries once more when it is not as `isWanted`: whatever nobody
  /// has heard of is asked for at most every `exactMissPause`.
  func resolve(
    _ package: PackageCoordinates,
    from start: Start,
    until isWanted: @Sendable (PackageListing) -> Bool
  ) async throws(RepositoryError) -> PackageResolution {
    let first = try await resolve(package, from: start)
    guard !isWanted(first.package.listing), !first.package.sources.reaches.isEmpty else {
      return first
    }
    return try await resolve(package, from: start, asking: onceMore)
  }

  /// Asks anew for documents that were not checked a moment ago.
  var onceMore: Asking { .freely(notBefore: clock.now() + (.zero - options.exactMissPause)) }

  /// The connections that a search from `start` reaches for packages of any format.
  func reaches(from start: Start) -> [ExternalReach] {
    let graph = start.map.graph
    let order = graph.searchOrder(of: start.repository, limit: quotas.searchedRepositories)
    let nodes = order.compactMap { graph.nodes[$0] }
    return [ExternalReach](
      nodes.flatMap { node in
        node.externalConnections.map { ExternalReach(connection: $0, terms: ExternalTerms(node)) }
      }
    ).united
  }

  /// Asks the registries, all at once.
  private func findings(
    _ package: PackageCoordinates,
    on reaches: [ExternalReach],
    _ asking: Asking
  ) async -> [ExternalConnection: ExternalListings.Finding] {
    await withTaskGroup(of: (ExternalConnection, ExternalListings.Finding).self) { group in
      for reach in asking.limiting(reaches) {
        group.addTask { [listings] in
          let finding = await listings.finding(package, on: reach, notBefore: asking.notBefore)
          return (reach.connection, finding)
        }
      }
      var findings: [ExternalConnection: ExternalListings.Finding] = [:]
      for await (connection, finding) in group { findings[connection] = finding }
      return findings
    }
  }

  private func resolved(
    _ package: PackageCoordinates,
    _ sources: ProjectSources,
    _ findings: [ExternalConnection: ExternalListings.Finding],
    from start: Start
  ) async throws(RepositoryError) -> ResolvedPackage {
    let key = ResolvedPackages.Key(repository: start.repository, package: package)
    let externals = sources.connections.map { findings[$0]?.listing }
    if let known = packages[key], known.isMade(from: sources, externals, at: clock) {
      return known
    }
    let making = ResolvedPackages.Making(key, from: sources, externals)
    return try await packageMerges.value(for: making) { () async throws(RepositoryError) in
      let made = await self.merge(package, sources, findings, from: start)
      self.packages.keep(made, as: key)
      return made
    }
  }

  /// Merges one version of a package, as far as places on the way have it, with what registries say
  /// of the package: to be asked about that version only, and not kept.
  func merge(
    _ version: String,
    of package: PackageCoordinates,
    from start: Start,
    _ asking: Asking
  ) async throws(RepositoryError) -> ResolvedPackage {
    let search = ProjectSearch(
      coordinates: package,
      spellings: [version],
      graph: start.map.graph,
      limit: quotas.searchedRepositories
    )
    let (repository, mark) = (start.repository, routes.mark(start.map, package.route))
    let sources = try await reading { rows throws(CatalogError) in
      let found = try search.sources(from: repository, in: rows)
      return ProjectSources(found, in: search.graph, readAfter: mark)
    }
    let findings = await findings(package, on: sources.reaches, asking)
    return await merge(package, sources, findings, from: start)
  }

  private func merge(
    _ package: PackageCoordinates,
    _ sources: ProjectSources,
    _ findings: [ExternalConnection: ExternalListings.Finding],
    from start: Start
  ) async -> ResolvedPackage {
    let filter = await filter(
      package,
      sources,
      findings.compactMapValues { $0.listing.flatMap(RegistryList.init) },
      from: start,
      kept: { [$0.record.version] }
    )
    return ResolvedPackage(
      named: package.name,
      as: package.description,
      from: sources,
      findings,
      filter
    )
  }
}

extension ContentState.RegistryList {
  /// What a registry lists of a package: its versions; nil when it does not know it.
  init?(_ listing: ExternalListing) {
    guard let versions = listing.listing?.versions else { return nil }
    listed = versions.map { version in
      Sightings.Listed(
        name: version.version,
        publishedAt: version.publishedAt.map(Timestamp.init)
      )
    }
    changedAt = listing.changedAt
  }
}

extension [ExternalReach] {
  /// Each connection once, in the order of the search.
  var united: [ExternalReach] {
    var terms: [ExternalConnection: ExternalTerms] = [:]
    var order: [ExternalConnection] = []
    for reach in self {
      if terms[reach.connection] == nil { order.append(reach.connection) }
      terms[reach.connection] = terms[reach.connection]?.united(with: reach.terms) ?? reach.terms
    }
    return order.compactMap { connection in
      terms[connection].map { ExternalReach(connection: connection, terms: $0) }
    }
  }
}
