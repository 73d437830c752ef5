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

  /// Finds a package that the repository or an upstream of it holds and whose name differs from
  /// that of `package` in the case of letters of ASCII alone.
  ///
  /// - Complexity: O(n) questions for one row each in the length of the name, however many
  ///   packages begin like it: the spellings that any package begins with are followed letter by
  ///   letter.
  /// - Throws: `notFound` when the repository does not exist.
  package func differingInCase(
    from package: PackageCoordinates,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> PackageCoordinates? {
    let repositories = repositories(from: try await content.start(at: path))
    return try await read { rows in
      for repository in repositories {
        let spellings = try rows.spellings(of: package, in: repository)
        if let other = spellings.first(where: { $0 != package }) { return other }
      }
      return nil
    }
  }

  private func repositories(from start: ContentState.Start) -> [RepositoryID] {
    start.map.graph.searchOrder(of: start.repository, limit: options.quotas.searchedRepositories)
  }
}

extension CatalogSnapshot {
  /// The packages of a repository that are spelt as `package` but for case.
  fileprivate func spellings(
    of package: PackageCoordinates,
    in repository: RepositoryID
  ) throws(CatalogError) -> [PackageCoordinates] {
    var beginnings = [""]
    for letter in package.name {
      var longer: [String] = []
      for next in Set([letter.lowercased(), letter.uppercased()]).sorted() {
        for beginning in beginnings {
          let prefix = beginning + next
          let filter = PackageFilter(format: package.format, namePrefix: prefix)
          let page = try packages(in: repository, filter, limit: 1)
          if !page.items.isEmpty { longer.append(prefix) }
        }
      }
      beginnings = longer
    }
    var found: [PackageCoordinates] = []
    for name in beginnings {
      let other = PackageCoordinates(
        format: package.format,
        namespace: package.namespace,
        name: name
      )
      if try self.package(other, in: repository) != nil { found.append(other) }
    }
    return found
  }
}
