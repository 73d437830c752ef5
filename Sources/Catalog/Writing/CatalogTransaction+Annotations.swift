extension CatalogTransaction {
  /// Replaces attributes of assets of one package, such as the yanked mark that an upstream
  /// changed.
  ///
  /// Assets that are gone, belong to another package or have those attributes already are passed
  /// over; when none is left, nothing is written.
  ///
  /// - Parameters:
  ///   - attributes: the whole new JSON object of each asset.
  ///   - package: the package that holds the assets.
  ///   - time: when it was learnt.
  /// - Returns: how many assets changed.
  /// - Throws: ``CatalogError``; then nothing is kept.
  @discardableResult
  package func annotate(
    _ attributes: [AssetID: String],
    of package: PackageID,
    at time: Timestamp
  ) throws(CatalogError) -> Int {
    guard let record = try self.package(package),
      let repository = try repository(record.repositoryID)
    else { return 0 }
    var changed: [AssetRecord] = []
    var versions: [VersionID: VersionRecord] = [:]
    for (id, text) in attributes.sorted(by: { $0.key < $1.key }) {
      guard let asset = try asset(id), asset.attributes != text else { continue }
      if versions[asset.versionID] == nil {
        versions[asset.versionID] = try version(asset.versionID)
      }
      guard versions[asset.versionID]?.packageID == package else { continue }
      try connection.run(AssetStatements.setAttributes, [.text(text), .id(id)])
      changed.append(asset)
    }
    guard !changed.isEmpty else { return 0 }
    for (id, assets) in Dictionary(grouping: changed, by: \.versionID).sorted(by: {
      $0.key < $1.key
    }) {
      guard let version = versions[id] else { continue }
      try journal(
        VersionChange(.updated, assetsUpdated: assets.count),
        as: .assetsAnnotated,
        of: try refreshRevision(of: version),
        record,
        in: repository,
        assets: assets,
        at: time
      )
    }
    return changed.count
  }

  private func refreshRevision(
    of version: VersionRecord
  ) throws(CatalogError) -> VersionRecord {
    let revision = try revision(of: version.id, metadata: version.metadata)
    return try connection.requiredRow(
      VersionStatements.update,
      [
        .text(version.status.rawValue), .text(version.metadata), .text(revision),
        .id(version.id),
      ],
      VersionRecord.init
    )
  }
}
