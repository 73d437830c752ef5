package import Catalog

extension Depot {
  /// Finds a package that the repository or an upstream of it holds and whose name differs from
  /// `coordinates` in capitals only; nothing outside is asked.
  ///
  /// - Parameters:
  ///   - coordinates: of letters of ASCII, where they are to be found.
  ///   - path: where somebody wants to have it.
  /// - Returns: nil where there is none, or where the package itself is held.
  /// - Throws: `notFound` when the repository does not exist.
  /// - Complexity: some point reads for each letter and repository, however many packages there
  ///   are.
  package func otherCapitals(
    of coordinates: PackageCoordinates,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> PackageCoordinates? {
    let start = try await content.start(at: path)
    let repositories = start.map.graph.searchOrder(
      of: start.repository,
      limit: options.quotas.searchedRepositories
    )
    return try await read { rows in
      for repository in repositories where try rows.package(coordinates, in: repository) != nil {
        return nil
      }
      for repository in repositories {
        let search = CapitalsSearch(rows: rows, repository: repository, format: coordinates.format)
        if let found = try search.first(like: coordinates) { return found }
      }
      return nil
    }
  }
}

/// A search for one name in all ways to write it in small and in capital letters.
///
/// Those are too many to try (a thousand million for thirty letters), and the packages in between
/// too many to read: what is followed letter by letter is the beginnings that packages have.
private struct CapitalsSearch {
  let rows: CatalogSnapshot
  let repository: RepositoryID
  let format: PackageFormat

  func first(like coordinates: PackageCoordinates) throws(CatalogError) -> PackageCoordinates? {
    let namespaces = try spellings(of: coordinates.namespace ?? "") {
      beginning throws(CatalogError) in
      try next(after: nil, namespacePrefix: beginning) != nil
    }
    for namespace in namespaces {
      let names = try spellings(of: coordinates.name) { beginning throws(CatalogError) in
        let place = named(beginning, in: namespace)
        let next = try next(after: place, namespacePrefix: namespace)
        return next?.namespace == place.namespace
          && next?.name.utf8.starts(with: beginning.utf8) == true
      }
      for name in names {
        let found = named(name, in: namespace)
        if try rows.package(found, in: repository) != nil { return found }
      }
    }
    return nil
  }

  private func named(_ name: String, in namespace: String) -> PackageCoordinates {
    PackageCoordinates(
      format: format,
      namespace: namespace.isEmpty ? nil : namespace,
      name: name
    )
  }

  private func next(
    after place: PackageCoordinates?,
    namespacePrefix: String
  ) throws(CatalogError) -> PackageCoordinates? {
    let filter = PackageFilter(format: format, namespacePrefix: namespacePrefix)
    return try rows.packages(in: repository, filter, after: place, limit: 1).items.first?
      .coordinates
  }

  /// The ways to write `text` whose beginnings, all but the whole, are those of something longer.
  private func spellings(
    of text: String,
    whereLonger begins: (String) throws(CatalogError) -> Bool
  ) throws(CatalogError) -> [String] {
    var found = [""]
    for (index, letter) in text.enumerated() {
      var longer: [String] = []
      for beginning in found {
        for letter in Set([letter.lowercased(), letter.uppercased()]).sorted() {
          let spelling = beginning + letter
          let isWhole = index == text.count - 1
          guard try isWhole ? true : begins(spelling) else { continue }
          longer.append(spelling)
        }
      }
      found = longer
    }
    return found
  }
}
