extension CatalogTransaction {
  /// Clears away rows of deleted repositories, at most `limit` of them, and returns how many.
  ///
  /// So that no call has to remove a hundred thousand versions at once: whoever deletes calls this
  /// until it returns 0. The size of the domain shrinks with each step.
  package func clearDeleted(limit: Int) throws(CatalogError) -> Int {
    var cleared = 0
    while cleared < limit, let step = try clearOne(limit: limit - cleared) { cleared += step }
    return cleared
  }

  /// Returns nil when there is nothing to clear.
  private func clearOne(limit: Int) throws(CatalogError) -> Int? {
    let target = try connection.row(RepositoryStatements.oldestDeleted, []) {
      row throws(CatalogError) in
      (id: try row.id(0) as RepositoryID, domain: try row.id(1) as DomainID)
    }
    guard let target else { return nil }
    let package: PackageID? = try connection.row(
      PackageStatements.anyOfRepository,
      [.id(target.id)]
    ) { row throws(CatalogError) in try row.id(0) }
    guard let package else {
      return try connection.run(RepositoryStatements.delete, [.id(target.id)])
    }
    let assets = try connection.rows(
      AssetStatements.someOfPackage,
      [.id(package), .count(limit)],
      AssetRecord.init
    )
    for asset in assets { try remove(asset, in: target.domain) }
    if !assets.isEmpty { return assets.count }
    let versions = try connection.run(VersionStatements.deleteSome, [.id(package), .count(limit)])
    if versions > 0 { return versions }
    return try connection.run(PackageStatements.delete, [.id(package)])
  }
}
