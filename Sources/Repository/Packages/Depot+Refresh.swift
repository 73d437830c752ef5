package import Catalog

extension Depot {
  /// Makes what is known of public registries be asked for again on its next use, however fresh it
  /// is: the documents of one package, or of all, on every connection that `path`'s repository
  /// reaches.
  ///
  /// Nothing is fetched here and nothing is forgotten: while a registry is down, what is kept goes
  /// on being used. The registries' documents are shared, so other repositories see them anew too.
  ///
  /// - Parameters:
  ///   - coordinates: the package, in the normalised spelling of its format; nil for all.
  ///   - path: the repository.
  /// - Throws: `notFound` when the repository does not exist.
  package func refresh(
    _ coordinates: PackageCoordinates?,
    in path: RepositoryPath
  ) async throws(RepositoryError) {
    let start = try await content.start(at: path)
    let connections = content.reaches(from: start).map(\.connection).filter { connection in
      coordinates.map { $0.format == connection.format } ?? true
    }
    try await content.shelf.wishes.add(coordinates, on: connections, at: clock.now())
  }
}
