internal import BlobEngine
internal import Bytes
internal import Catalog
internal import Codec
internal import FormatRules

extension ContentState {
  /// A project as it is to be shown now, and what could not be asked on the way.
  struct Resolution: Sendable {
    let merged: MergedProject
    let staleness: Duration?
    /// Why something that is missing might yet be there: an index of which nothing is known could
    /// not be asked, or one was left alone on purpose.
    let failure: ExternalFailure?
  }

  /// Where a request starts: a repository and the map of its domain.
  struct Start: Sendable {
    let map: DomainMap
    let node: RepositoryGraph.Node

    var repository: RepositoryID { node.repository.id }
  }

  /// Finds the repository that `path` names, from memory when it can.
  ///
  /// - Throws: `notFound`, saying whether the domain or the repository is missing.
  func start(at path: RepositoryPath) async throws(RepositoryError) -> Start {
    guard let map = try await map(owner: path.owner, domain: path.domain) else {
      throw RepositoryError(
        .notFound,
        "There is no domain \(path.domain) of account \(path.owner).",
        resourceID: path.domain,
        resourceType: .domain
      )
    }
    guard let node = map[path.repository] else {
      throw RepositoryError(
        .notFound,
        "Domain \(path.domain) has no repository \(path.repository).",
        resourceID: path.repository,
        resourceType: .repository
      )
    }
    return Start(map: map, node: node)
  }

  /// Finds a domain, from memory when it can.
  func map(owner: String, domain name: String) async throws(RepositoryError) -> DomainMap? {
    if let map = routes.map(owner: owner, domain: name) { return map }
    let reading = routes.reading(owner: owner, domain: name)
    return try await maps.value(for: reading) { () async throws(RepositoryError) in
      try await self.readMap(owner: owner, domain: name)
    }
  }

  private func readMap(
    owner: String,
    domain name: String
  ) async throws(RepositoryError) -> DomainMap? {
    let domain = try await reading { rows throws(CatalogError) in
      try rows.domain(owner: owner, name: name)?.id
    }
    guard let domain else { return nil }
    let mark = routes.mark(domain)
    let graph = try await reading { rows throws(CatalogError) in try rows.graph(of: domain) }
    guard let graph else { return nil }
    let map = DomainMap(graph, readAfter: mark)
    routes.keep(map)
    return map
  }

  /// Resolves a project from `start`.
  func resolve(
    _ project: String,
    from start: Start,
    asking: Asking = .freely
  ) async throws(RepositoryError) -> Resolution {
    let sources = try await sources(
      of: PackageCoordinates(format: .pypi, name: project),
      from: start
    )
    let findings = await findings(project, on: sources.reaches, asking)
    let found = sources.connections.compactMap { findings[$0] }
    let merged = try await merged(project, sources, findings, from: start)
    return Resolution(
      merged: merged,
      staleness: found.compactMap(\.staleness).max(),
      failure: found.first { $0.page == nil || $0.failure?.kind == .offline }?.failure
    )
  }

  /// Walks the places that a request for a package looks in, from memory when it can.
  func sources(
    of package: PackageCoordinates,
    from start: Start
  ) async throws(RepositoryError) -> ProjectSources {
    let key = ProjectPages.Key(repository: start.repository, project: package.route)
    let mark = routes.mark(start.map, package.route)
    if let sources = pages.sources(key, at: mark) { return sources }
    let search = ProjectSearch(
      coordinates: package,
      graph: start.map.graph,
      limit: quotas.searchedRepositories
    )
    let repository = start.repository
    // Whoever took the same mark may share the reading: nothing has changed between the two.
    return try await searches.value(for: ProjectPages.Reading(key: key, mark: mark)) {
      () async throws(RepositoryError) in
      let found = try await self.reading { rows throws(CatalogError) in
        let found = try search.sources(from: repository, in: rows)
        return ProjectSources(found, in: search.graph, readAfter: mark)
      }
      self.pages.keep(found, as: key)
      return found
    }
  }

  /// Asks the external indexes, of which there is one public one (``ExternalConnection``).
  func findings(
    _ project: String,
    on reaches: [ExternalReach],
    _ asking: Asking
  ) async -> [ExternalConnection: ExternalFinding] {
    var findings: [ExternalConnection: ExternalFinding] = [:]
    for reach in asking.limiting(reaches) {
      findings[reach.connection] = await index.finding(
        project,
        on: reach,
        notBefore: asking.notBefore
      )
    }
    return findings
  }

  private func merged(
    _ project: String,
    _ sources: ProjectSources,
    _ findings: [ExternalConnection: ExternalFinding],
    from start: Start
  ) async throws(RepositoryError) -> MergedProject {
    let key = ProjectPages.Key(repository: start.repository, project: project)
    let externals = sources.connections.map { findings[$0]?.page?.identity }
    if let merged = pages.merged(key, of: sources, externals), merged.isCurrent(at: clock) {
      return merged
    }
    let making = ProjectPages.Making(
      key: key,
      sources: ObjectIdentifier(sources),
      externals: externals
    )
    return try await merges.value(for: making) { () async throws(RepositoryError) in
      let filter = await self.filter(
        PackageCoordinates(format: .pypi, name: project),
        sources,
        findings.compactMapValues { $0.page.flatMap(RegistryList.init) },
        from: start,
        kept: { $0.assets.map(\.name) }
      )
      let merged = Self.merge(project, sources, findings, externals, filter)
      self.pages.keep(merged, as: key)
      return merged
    }
  }

  private static func merge(
    _ project: String,
    _ sources: ProjectSources,
    _ findings: [ExternalConnection: ExternalFinding],
    _ externals: [ExternalPage.Identity?],
    _ filter: CoolDownFilter?
  ) -> MergedProject {
    var filter = filter
    var merge = ProjectMerge(project: project)
    for source in sources.sources {
      switch source {
      case .stored(let releases): merge.add(filter?.shown(releases) ?? releases)
      case .external(let connection, let place):
        guard let page = findings[connection]?.page else { continue }
        merge.add(page, of: connection, at: place) { file, version in
          filter?.shows(file.fileName, of: version.normalized, from: connection, at: place) ?? true
        }
      }
    }
    let page = merge.page()
    return MergedProject(
      page: page,
      stamp: SHA256Stream.digest(of: page.renderJSON().span),
      files: merge.files,
      isKnown: merge.isKnown,
      sources: sources,
      externals: externals,
      filter: filter
    )
  }

  /// Reads rows, with the catalog's failures in this floor's words.
  func reading<Value: Sendable>(
    _ body: @escaping @Sendable (CatalogSnapshot) throws(CatalogError) -> Value
  ) async throws(RepositoryError) -> Value {
    do { return try await catalog.read(body) } catch { throw RepositoryError(catalog: error) }
  }

  /// Changes rows, with the catalog's failures in this floor's words.
  func writing<Value: Sendable>(
    _ body: @escaping @Sendable (CatalogTransaction) throws(CatalogError) -> Value
  ) async throws(RepositoryError) -> Value {
    do { return try await catalog.write(body) } catch { throw RepositoryError(catalog: error) }
  }
}

extension ContentState.RegistryList {
  /// What an index lists of a project: its files; nil when it does not know it.
  fileprivate init?(_ page: ExternalPage) {
    guard page.page != nil else { return nil }
    listed = page.files.map { file, _ in
      Sightings.Listed(
        name: file.fileName,
        publishedAt: file.uploadTime.map(Timestamp.init)
      )
    }
    changedAt = page.identity.lastModified.flatMap { UploadTime(httpDate: $0) }
  }
}

extension CoolDownFilter {
  /// Those of a repository's files that are shown.
  fileprivate mutating func shown(_ releases: [StoredRelease]) -> [StoredRelease] {
    releases.compactMap { release in
      let assets = release.assets.filter { shows($0.name, of: release) }
      guard assets.count < release.assets.count else { return release }
      guard !assets.isEmpty else { return nil }
      return StoredRelease(repository: release.repository, record: release.record, assets: assets)
    }
  }
}
