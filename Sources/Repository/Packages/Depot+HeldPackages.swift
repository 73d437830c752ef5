package import Catalog

/// A package that a repository or an upstream of it holds, as lists of all packages need it.
package struct HeldPackage: Hashable, Sendable {
  package let coordinates: PackageCoordinates
  /// Whether what is shown of it comes from the domain alone, by its own restrictions; what its
  /// group says is for ``OutsideNames``.
  package let isInternal: Bool
  /// Changes whenever a row of it does, in any of the repositories.
  package let serials: [Int64]
}

/// A state of everything that a repository and its upstreams hold of a format: two equal ones mean
/// that nothing of it has changed, nor who may see it.
package struct HeldState: Hashable, Sendable {
  fileprivate let repository: RepositoryID
  fileprivate let mark: Epochs.Mark
}

extension Depot {
  /// Whether any cool-down of the repository or of one that lies upstream may hold something back.
  package func mayHoldBack(in path: RepositoryPath) async throws(RepositoryError) -> Bool {
    let start = try await content.start(at: path)
    let graph = start.map.graph
    return graph.searchOrder(of: start.repository, limit: options.quotas.searchedRepositories)
      .contains { graph.nodes[$0]?.settings.coolDown?.holdsBack ?? false }
  }

  /// Returns the state in which what is held of a format is now, without SQL.
  ///
  /// To be asked for before what is derived from it is read. What registries say of packages does
  /// not count.
  package func heldState(
    _ format: PackageFormat,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> HeldState {
    let start = try await content.start(at: path)
    return HeldState(
      repository: start.repository,
      mark: content.routes.mark(start.map, format.route)
    )
  }

  /// Lists all packages of a format that the repository and its upstreams hold, in order of name;
  /// nothing outside is asked.
  ///
  /// - Complexity: O(n log n) in the packages held, once for each change of one of them.
  package func heldPackages(
    _ format: PackageFormat,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> [HeldPackage] {
    let start = try await content.start(at: path)
    let mark = content.routes.mark(start.map, format.route)
    let key = HeldLists.Key(repository: start.repository, format: format)
    if let list = content.held.list(key, at: mark) { return list }
    return try await content.held.readings.value(for: HeldLists.Reading(key: key, mark: mark)) {
      [self] () async throws(RepositoryError) in
      let list = try await readHeldPackages(format, from: start)
      content.held.keep(list, as: key, readAfter: mark)
      return list
    }
  }

  private func readHeldPackages(
    _ format: PackageFormat,
    from start: ContentState.Start
  ) async throws(RepositoryError) -> [HeldPackage] {
    let repositories = start.map.graph.searchOrder(
      of: start.repository,
      limit: options.quotas.searchedRepositories
    )
    return try await read { rows in
      var found: [PackageCoordinates: (isInternal: Bool, serials: [Int64])] = [:]
      for repository in repositories {
        var position: PackageCoordinates?
        repeat {
          let page = try rows.packages(
            in: repository,
            PackageFilter(format: format),
            after: position,
            limit: 1000
          )
          for row in page.items {
            let isInternal = row.restrictions.upstream == .block
            found[row.coordinates, default: (isInternal, [])].serials.append(row.serial)
          }
          position = page.next
        } while position != nil
      }
      return found.map {
        HeldPackage(coordinates: $0, isInternal: $1.isInternal, serials: $1.serials)
      }.sorted { $0.coordinates.description < $1.coordinates.description }
    }
  }
}
