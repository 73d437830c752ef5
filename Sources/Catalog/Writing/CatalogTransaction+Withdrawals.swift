extension CatalogTransaction {
  /// Disposes of a version: its assets are gone, its record stays and occupies the version.
  ///
  /// The revision stays too: it names what was there, and a call that is repeated with it still
  /// means the same.
  ///
  /// - Returns: the version as it is now; nil when it is gone.
  package func dispose(
    _ id: VersionID,
    at time: Timestamp
  ) throws(CatalogError) -> VersionRecord? {
    guard let version = try version(id), let package = try package(version.packageID),
      let repository = try repository(package.repositoryID)
    else { return nil }
    guard version.status != .disposed else { return version }
    let assets = try allAssets(of: id)
    for asset in assets { try remove(asset, in: repository.domainID) }
    let disposed = try connection.requiredRow(
      VersionStatements.update,
      [
        .text(VersionStatus.disposed.rawValue), .text(version.metadata),
        .text(version.revision), .id(id),
      ],
      VersionRecord.init
    )
    let change = VersionChange(.updated, assetsRemoved: assets.count, statusChanged: true)
    try journal(change, as: .versionAmended, of: disposed, package, in: repository, at: time)
    return disposed
  }

  /// Deletes a package with all its versions: it is gone at once.
  ///
  /// Each version has its journal row. The rows of assets and versions are moved out of sight, into
  /// a repository that is deleted already, and cleared away afterwards by ``clearDeleted(limit:)``,
  /// so that a package of a hundred thousand versions holds nobody up for long.
  ///
  /// - Returns: false when it is gone already.
  package func removePackage(
    _ id: PackageID,
    at time: Timestamp
  ) throws(CatalogError) -> Bool {
    guard let package = try package(id), let repository = try repository(package.repositoryID)
    else { return false }
    try journalRemovals(of: package, in: repository, at: time)
    try journal(.packageRemoved, of: repository, package: package.coordinates, at: time)
    let grave: RepositoryID = try connection.requiredRow(
      RepositoryStatements.insertGrave,
      [
        .id(repository.domainID), .text(repository.name), .text(repository.administrator),
        .time(time), .time(time),
      ]
    ) { row throws(CatalogError) in try row.id(0) }
    try connection.run(PackageStatements.move, [.id(grave), .id(id)])
    return true
  }

  private func journalRemovals(
    of package: PackageRecord,
    in repository: RepositoryRecord,
    at time: Timestamp
  ) throws(CatalogError) {
    let counts = try connection.rows(AssetStatements.countsOfPackage, [.id(package.id)]) {
      row throws(CatalogError) in
      (version: try row.id(0) as VersionID, count: Int(try row.integer(1)))
    }
    let assetCounts = Dictionary(counts.map { ($0.version, $0.count) }) { first, _ in first }
    var position: VersionPosition?
    repeat {
      let page = try versions(of: package.id, after: position, limit: 1000)
      for version in page.items {
        let change = VersionChange(
          .deleted,
          assetsRemoved: assetCounts[version.id] ?? 0,
          statusChanged: true
        )
        try journal(change, as: .versionRemoved, of: version, package, in: repository, at: time)
      }
      position = page.next
    } while position != nil
  }
}
