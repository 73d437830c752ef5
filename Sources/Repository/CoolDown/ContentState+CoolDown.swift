internal import Catalog
internal import FormatRules

extension ContentState {
  /// What a registry lists of a package: for the clock.
  struct RegistryList: Sendable {
    let listed: [Sightings.Listed]
    let changedAt: UploadTime?
  }

  /// Notes what registries list, and makes the filter for a merge; nil when no rule applies.
  ///
  /// - Parameters:
  ///   - package: what is merged.
  ///   - sources: the places that it is merged from.
  ///   - lists: what each registry lists that could be asked.
  ///   - start: the repository that was asked.
  ///   - kept: the names under which times of what a repository holds are kept.
  /// - Returns: the filter; nil when everything is shown.
  func filter(
    _ package: PackageCoordinates,
    _ sources: ProjectSources,
    _ lists: [ExternalConnection: RegistryList],
    from start: Start,
    kept: (StoredRelease) -> [String]
  ) async -> CoolDownFilter? {
    let coolDowns = coolDowns(of: package, sources, from: start, kept: kept)
    guard !coolDowns.isEmpty else {
      for (connection, list) in lists {
        noteLater(list, of: SightingKey(connection: connection, package: package))
      }
      return nil
    }
    var seen: [ExternalConnection: Sightings] = [:]
    for (connection, list) in lists {
      seen[connection] = await sightings.note(
        list.listed,
        changedAt: list.changedAt.map(Timestamp.init),
        of: SightingKey(connection: connection, package: package)
      )
    }
    for connection in sources.origins where seen[connection] == nil {
      seen[connection] = await sightings.sightings(
        of: SightingKey(connection: connection, package: package)
      )
    }
    return CoolDownFilter(
      start: start.repository,
      coolDowns: coolDowns,
      sightings: seen,
      now: clock.now()
    )
  }

  /// Notes what a registry lists, while nobody waits.
  func noteLater(_ list: RegistryList, of key: SightingKey) {
    sightings.noteLater(list.listed, changedAt: list.changedAt.map(Timestamp.init), of: key)
  }

  /// Whether any rule may apply to what is found in these places.
  func mayHoldBack(_ sources: ProjectSources, from start: Start) -> Bool {
    ruling(sources, from: start).contains {
      start.map.graph.nodes[$0]?.settings.coolDown?.holdsBack == true
    }
  }

  /// The repositories whose rules count: the one that was asked and those that hold connections.
  private func ruling(_ sources: ProjectSources, from start: Start) -> Set<RepositoryID> {
    var repositories: Set<RepositoryID> = [start.repository]
    for case .external(_, let place) in sources.sources { repositories.insert(place) }
    return repositories
  }

  /// The rules that count, where they have anything to say about a package.
  private func coolDowns(
    of package: PackageCoordinates,
    _ sources: ProjectSources,
    from start: Start,
    kept: (StoredRelease) -> [String]
  ) -> [RepositoryID: CoolDown] {
    var coolDowns: [RepositoryID: CoolDown] = [:]
    for repository in ruling(sources, from: start) {
      guard let node = start.map.graph.nodes[repository], let rule = node.settings.coolDown,
        rule.holdsBack
      else { continue }
      let own = sources.releases.filter { $0.repository == repository && $0.isOpen }
      coolDowns[repository] = CoolDown(
        rule,
        of: node.repository.name,
        for: package,
        kept: Set(own.flatMap(kept))
      )
    }
    return coolDowns
  }
}

extension ProjectSources {
  /// Every version that a repository on the way holds.
  var releases: [StoredRelease] {
    sources.flatMap { source -> [StoredRelease] in
      if case .stored(let releases) = source { releases } else { [] }
    }
  }

  /// The registries that are reached, and those that what is held came from.
  fileprivate var origins: Set<ExternalConnection> {
    var found = Set(connections)
    for case .ingested(let name) in releases.map(\.record.origin) {
      if let connection = ExternalConnection(rawValue: name) { found.insert(connection) }
    }
    return found
  }
}

extension Timestamp {
  init(_ time: UploadTime) {
    self.init(microseconds: time.microseconds)
  }
}
