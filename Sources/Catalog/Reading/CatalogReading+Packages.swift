extension CatalogReading {
  /// Returns the package that a repository itself holds under these coordinates.
  package func package(
    _ coordinates: PackageCoordinates,
    in repository: RepositoryID
  ) throws(CatalogError) -> PackageRecord? {
    try connection.row(
      PackageStatements.byCoordinates,
      [
        .id(repository), .text(coordinates.format.rawValue), .text(coordinates.namespace ?? ""),
        .text(coordinates.name),
      ],
      PackageRecord.init
    )
  }

  /// Returns a package.
  package func package(_ id: PackageID) throws(CatalogError) -> PackageRecord? {
    try connection.row(PackageStatements.byID, [.id(id)], PackageRecord.init)
  }
}

extension PackageRecord {
  init(_ row: ResultRow) throws(CatalogError) {
    self.id = try row.id(0)
    self.repositoryID = try row.id(1)
    let namespace = try row.text(3)
    self.coordinates = PackageCoordinates(
      format: try row.word(2),
      namespace: namespace.isEmpty ? nil : namespace,
      name: try row.text(4)
    )
    self.displayName = try row.text(5)
    self.restrictions = OriginRestrictions(publish: try row.word(6), upstream: try row.word(7))
    self.createdAt = try row.time(8)
    self.serial = try row.integer(9)
    self.attributes = try row.text(10)
  }
}
