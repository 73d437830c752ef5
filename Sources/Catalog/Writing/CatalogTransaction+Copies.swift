internal import Bytes

extension CatalogTransaction {
  /// Makes a repository's version what another repository's is, by reference: no bytes move, and
  /// origin, status, metadata and revision are those of the source.
  ///
  /// What the destination has of the version already gives way: assets that the source lacks are
  /// removed from it.
  ///
  /// - Returns: the version as the destination holds it now; nil when the source is gone.
  package func copy(
    _ version: VersionID,
    into destination: RepositoryRecord,
    restrictionsWhenNew: OriginRestrictions,
    at time: Timestamp
  ) throws(CatalogError) -> VersionRecord? {
    guard let arrival = try arrival(of: version, restrictionsWhenNew: restrictionsWhenNew) else {
      return nil
    }
    if let package = try package(arrival.package, in: destination.id),
      let old = try self.version(arrival.version, of: package.id)
    {
      return try overwrite(old, of: package, with: arrival, in: destination, at: time)
    }
    guard case .recorded(let receipts) = try record(arrival, into: [destination.id], at: time)
    else { return nil }
    return receipts.first?.version
  }

  /// A version that a living repository holds, on its way into another; nil when it is gone.
  func arrival(
    of version: VersionID,
    restrictionsWhenNew: OriginRestrictions
  ) throws(CatalogError) -> VersionArrival? {
    guard let source = try self.version(version), let package = try package(source.packageID),
      try repository(package.repositoryID) != nil
    else { return nil }
    return VersionArrival(
      package: package.coordinates,
      displayName: source.displayName,
      restrictionsWhenNew: restrictionsWhenNew,
      version: source.version,
      status: source.status,
      origin: source.origin,
      publishedAt: source.publishedAt,
      metadata: source.metadata,
      assets: try allAssets(of: version).map(VersionArrival.Asset.init),
      assetLimit: .max
    )
  }

  /// The assets of a version, of which a quota bounds the number.
  func allAssets(of version: VersionID) throws(CatalogError) -> [AssetRecord] {
    try connection.rows(
      AssetStatements.ofVersion,
      [.id(version), .text(""), .integer(.max)],
      AssetRecord.init
    )
  }

  private func overwrite(
    _ old: VersionRecord,
    of package: PackageRecord,
    with arrival: VersionArrival,
    in destination: RepositoryRecord,
    at time: Timestamp
  ) throws(CatalogError) -> VersionRecord {
    let former = try allAssets(of: old.id)
    var stale: [[UInt8]: AssetRecord] = [:]
    for asset in former { stale[Array(asset.name.utf8)] = asset }
    var fresh: [VersionArrival.Asset] = []
    for asset in arrival.assets {
      let name = Array(asset.name.utf8)
      if let same = stale[name], VersionArrival.Asset(same) == asset {
        stale[name] = nil
      } else {
        fresh.append(asset)
      }
    }
    let updatedCount = fresh.count { stale[Array($0.name.utf8)] != nil }
    for asset in stale.values { try remove(asset, in: destination.domainID) }
    var added: [AssetRecord] = []
    for asset in fresh {
      added.append(try insert(asset, of: old, in: destination.domainID))
    }
    let version = try replace(old, with: arrival)
    let change = VersionChange(
      .updated,
      assetsAdded: fresh.count - updatedCount,
      assetsRemoved: stale.count - updatedCount,
      assetsUpdated: updatedCount,
      metadataUpdated: version.metadata != old.metadata,
      statusChanged: version.status != old.status
    )
    try journal(
      change,
      as: .versionRecorded,
      of: version,
      package,
      in: destination,
      assets: added,
      at: time
    )
    return version
  }

  private func replace(
    _ old: VersionRecord,
    with arrival: VersionArrival
  ) throws(CatalogError) -> VersionRecord {
    try connection.requiredRow(
      VersionStatements.replace,
      [
        .text(arrival.displayName), .text(arrival.status.rawValue),
        .text(try revision(of: old.id, metadata: arrival.metadata)),
        .text(arrival.origin.type.rawValue), .text(arrival.origin.name),
        .time(arrival.publishedAt), .text(arrival.metadata), .id(old.id),
      ],
      VersionRecord.init
    )
  }
}
