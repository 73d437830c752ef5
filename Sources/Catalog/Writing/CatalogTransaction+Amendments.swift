extension CatalogTransaction {
  /// Changes status and metadata of a version; nothing is written when both are so already.
  ///
  /// - Returns: the version as it is now; nil when it is gone.
  package func amend(
    _ id: VersionID,
    status: VersionStatus,
    metadata: String,
    at time: Timestamp
  ) throws(CatalogError) -> VersionRecord? {
    guard let version = try version(id), let package = try package(version.packageID),
      let repository = try repository(package.repositoryID)
    else { return nil }
    guard status != version.status || metadata != version.metadata else { return version }
    let revision = try revision(of: id, metadata: metadata)
    let amended = try connection.requiredRow(
      VersionStatements.update,
      [.text(status.rawValue), .text(metadata), .text(revision), .id(id)],
      VersionRecord.init
    )
    let change = VersionChange(
      .updated,
      metadataUpdated: metadata != version.metadata,
      statusChanged: status != version.status
    )
    try journal(change, as: .versionAmended, of: amended, package, in: repository, at: time)
    return amended
  }

  /// Replaces what is kept of a package as a whole; `attributes` is a JSON object.
  package func amend(
    _ id: PackageID,
    attributes: String,
    at time: Timestamp
  ) throws(CatalogError) {
    guard let package = try package(id), package.attributes != attributes,
      let repository = try repository(package.repositoryID)
    else { return }
    try connection.run(PackageStatements.setAttributes, [.text(attributes), .id(id)])
    let serial = try journal(
      .packageAmended,
      of: repository,
      package: package.coordinates,
      at: time
    )
    try connection.run(PackageStatements.setSerial, [.integer(serial), .id(id)])
  }

  /// Removes a version with its assets; blobs that nothing names any more can be reclaimed.
  ///
  /// - Returns: false when it is gone already.
  package func remove(_ id: VersionID, at time: Timestamp) throws(CatalogError) -> Bool {
    guard let version = try version(id), let package = try package(version.packageID),
      let repository = try repository(package.repositoryID)
    else { return false }
    let assets = try connection.rows(
      AssetStatements.ofVersion,
      [.id(id), .text(""), .integer(.max)],
      AssetRecord.init
    )
    for asset in assets { try remove(asset, in: repository.domainID) }
    try connection.run(VersionStatements.delete, [.id(id)])
    let change = VersionChange(.deleted, assetsRemoved: assets.count, statusChanged: true)
    try journal(change, as: .versionRemoved, of: version, package, in: repository, at: time)
    return true
  }
}
