extension CatalogReading {
  /// Whether anything has changed since `serial` that decides whether a version may be published
  /// into a repository: the domain's repositories and package groups, or the package in another
  /// repository.
  ///
  /// Changes of the package in the repository itself are left to those who write there: they see
  /// its rows.
  ///
  /// - Parameters:
  ///   - domain: whose journal is read.
  ///   - serial: the last change that is known.
  ///   - package: the package to be published.
  ///   - version: the only version that counts; nil for all of them.
  ///   - repository: where it is to be published.
  /// - Returns: false when whatever was decided at `serial` would be decided now.
  /// - Throws: ``CatalogError``.
  /// - Complexity: O(n) in the number of changes since `serial`.
  package func hasChanged(
    _ domain: DomainID,
    since serial: Int64,
    around package: PackageCoordinates,
    version: String?,
    in repository: RepositoryID
  ) throws(CatalogError) -> Bool {
    let found = try connection.row(
      JournalStatements.touching,
      [
        .id(domain), .integer(serial), .text(package.format.rawValue),
        .text(package.namespace ?? ""), .text(package.name), .id(repository), .text(version),
      ]
    ) { row throws(CatalogError) in try row.integer(0) }
    return found != nil
  }
}
