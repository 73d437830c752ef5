package import Catalog

extension Depot {
  /// Opens and closes the roads to new versions of a package in one repository.
  ///
  /// A package that is not there yet is made, without versions: so a name can be closed, or opened,
  /// before anything comes under it.
  package func configureOrigin(
    of package: PackageCoordinates,
    in path: RepositoryPath,
    to restrictions: OriginRestrictions
  ) async throws(RepositoryError) -> PackageRecord {
    let now = clock.now()
    return try await write { transaction in
      let (repository, _) = try transaction.requireRepository(path)
      return try transaction.configureOrigin(
        of: package,
        in: repository,
        to: restrictions,
        at: now
      )
    }
  }
}
