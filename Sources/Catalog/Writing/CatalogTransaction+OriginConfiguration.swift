extension CatalogTransaction {
  /// Opens and closes the roads to new versions of a package in one repository; a package that is
  /// not there yet is made, without versions.
  ///
  /// - Returns: the package as it is now.
  package func configureOrigin(
    of coordinates: PackageCoordinates,
    in repository: RepositoryRecord,
    to restrictions: OriginRestrictions,
    at time: Timestamp
  ) throws(CatalogError) -> PackageRecord {
    let known = try package(coordinates, in: repository.id)
    if let known, known.restrictions == restrictions { return known }
    let (publish, upstream) = (restrictions.publish.rawValue, restrictions.upstream.rawValue)
    let id: PackageID
    if let known {
      id = known.id
      try connection.run(
        PackageStatements.setRestrictions,
        [.text(publish), .text(upstream), .id(id)]
      )
    } else {
      id = try connection.requiredRow(
        PackageStatements.insert,
        [
          .id(repository.id), .text(coordinates.format.rawValue),
          .text(coordinates.namespace ?? ""), .text(coordinates.name), .text(coordinates.name),
          .text(publish), .text(upstream), .time(time),
        ]
      ) { row throws(CatalogError) in try row.id(0) }
    }
    let serial = try journal(
      .originConfigured,
      of: repository,
      package: coordinates,
      detail: .object([("publish", .string(publish)), ("upstream", .string(upstream))]),
      at: time
    )
    try connection.run(PackageStatements.setSerial, [.integer(serial), .id(id)])
    return try connection.requiredRow(PackageStatements.byID, [.id(id)], PackageRecord.init)
  }
}
