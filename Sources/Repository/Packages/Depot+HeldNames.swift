package import Catalog

extension Depot {
  /// Says which of a few packages the repository or an upstream of it holds; nothing outside is
  /// asked.
  ///
  /// - Complexity: no SQL for those that were asked about before and have not changed since; a row
  ///   and repository for each of the others, in one reading.
  /// - Throws: `notFound` when the repository does not exist.
  package func held(
    among packages: [PackageCoordinates],
    in path: RepositoryPath
  ) async throws(RepositoryError) -> Set<PackageCoordinates> {
    let start = try await content.start(at: path)
    var held: Set<PackageCoordinates> = []
    var unknown: [(package: PackageCoordinates, mark: Epochs.Mark)] = []
    for package in packages {
      let mark = content.routes.mark(start.map, package.route)
      let key = ResolvedPackages.Key(repository: start.repository, package: package)
      switch content.held.isHeld(key, at: mark) {
      case true?: held.insert(package)
      case false?: break
      case nil: unknown.append((package, mark))
      }
    }
    guard !unknown.isEmpty else { return held }
    let found = try await read(unknown.map(\.package), from: start)
    for (package, mark) in unknown {
      let key = ResolvedPackages.Key(repository: start.repository, package: package)
      content.held.keep(found.contains(package), as: key, readAfter: mark)
    }
    return held.union(found)
  }

  private func read(
    _ packages: [PackageCoordinates],
    from start: ContentState.Start
  ) async throws(RepositoryError) -> Set<PackageCoordinates> {
    let repositories = repositories(from: start)
    return try await read { rows in
      Set(
        try packages.filter { package in
          try repositories.contains { try rows.package(package, in: $0) != nil }
        }
      )
    }
  }

  private func repositories(from start: ContentState.Start) -> [RepositoryID] {
    start.map.graph.searchOrder(of: start.repository, limit: options.quotas.searchedRepositories)
  }
}
