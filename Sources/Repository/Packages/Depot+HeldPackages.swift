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

extension Depot {
  /// Lists all packages of a format that the repository and its upstreams hold, in order of name;
  /// nothing outside is asked.
  ///
  /// - Complexity: O(n log n) in the packages held.
  package func heldPackages(
    _ format: PackageFormat,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> [HeldPackage] {
    let start = try await content.start(at: path)
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
