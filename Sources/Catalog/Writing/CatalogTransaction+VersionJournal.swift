internal import Bytes

extension CatalogTransaction {
  /// Journals a change of one version, and stamps its package with the row's serial.
  ///
  /// The row's detail is an object with, always:
  ///
  /// - `status` and `revision`: the version's after the change; of a removed one, its last.
  /// - `change`: `operation` (`Created`, `Updated` or `Deleted`), the counts `assetsAdded`,
  ///   `assetsRemoved` and `assetsUpdated`, and the flags `metadataUpdated` and `statusChanged`.
  /// - `origin` and `entryPoint`: how and through what the version came into the domain.
  /// - `administrator`: the account that administers the repository.
  /// - `assets`: name, SHA-256 and size of each asset that was added or changed.
  func journal(
    _ change: VersionChange,
    as kind: JournalKind,
    of version: VersionRecord,
    _ package: PackageRecord,
    in repository: RepositoryRecord,
    assets: [AssetRecord] = [],
    at time: Timestamp
  ) throws(CatalogError) {
    let serial = try journal(
      kind,
      of: repository,
      package: package.coordinates,
      version: version.version,
      detail: .object([
        ("status", .string(version.status.rawValue)), ("revision", .string(version.revision)),
        ("change", change.json), ("origin", .string(version.origin.type.rawValue)),
        ("entryPoint", .optional(version.origin.name)),
        ("administrator", .string(repository.administrator)),
        ("assets", .array(assets.map(\.json))),
      ]),
      at: time
    )
    try connection.run(PackageStatements.setSerial, [.integer(serial), .id(package.id)])
  }
}

extension VersionChange {
  fileprivate var json: JSONText {
    .object([
      ("operation", .string(operation.rawValue)), ("assetsAdded", .integer(Int64(assetsAdded))),
      ("assetsRemoved", .integer(Int64(assetsRemoved))),
      ("assetsUpdated", .integer(Int64(assetsUpdated))),
      ("metadataUpdated", .bool(metadataUpdated)), ("statusChanged", .bool(statusChanged)),
    ])
  }
}

extension AssetRecord {
  fileprivate var json: JSONText {
    .object([
      ("name", .string(name)), ("sha256", .string(digests.sha256.hexadecimal)),
      ("size", .integer(byteCount)),
    ])
  }
}
