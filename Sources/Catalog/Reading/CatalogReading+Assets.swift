internal import Bytes

/// Where a listing of a package's assets stands.
package struct AssetPosition: Hashable, Sendable {
  package let name: String
  package let versionID: VersionID

  package init(name: String, versionID: VersionID) {
    self.name = name
    self.versionID = versionID
  }
}

extension CatalogReading {
  /// Returns the asset of a version with exactly this name.
  package func asset(
    _ name: String,
    of version: VersionID
  ) throws(CatalogError) -> AssetRecord? {
    try connection.row(AssetStatements.byName, [.id(version), .text(name)], AssetRecord.init)
  }

  /// Returns an asset.
  package func asset(_ id: AssetID) throws(CatalogError) -> AssetRecord? {
    try connection.row(AssetStatements.byID, [.id(id)], AssetRecord.init)
  }

  /// Returns assets of a version in order of name, from after `name` on.
  package func assets(
    of version: VersionID,
    after name: String? = nil,
    limit: Int
  ) throws(CatalogError) -> Page<AssetRecord, String> {
    let rows = try connection.rows(
      AssetStatements.ofVersion,
      [.id(version), .text(name ?? ""), .count(limit + 1)],
      AssetRecord.init
    )
    return Page(rows, limit: limit, position: \.name)
  }

  /// Returns how many assets a version has.
  ///
  /// - Complexity: O(n) in that number, which a quota bounds.
  package func assetCount(of version: VersionID) throws(CatalogError) -> Int {
    try connection.requiredRow(AssetStatements.countOfVersion, [.id(version)]) {
      row throws(CatalogError) in Int(try row.integer(0))
    }
  }

  /// Returns assets of all versions of a package in order of name: one range of one index.
  package func assets(
    ofPackage package: PackageID,
    after position: AssetPosition? = nil,
    limit: Int
  ) throws(CatalogError) -> Page<AssetRecord, AssetPosition> {
    let rows = try connection.rows(
      AssetStatements.ofPackage,
      [
        .id(package), .text(position?.name ?? ""), .integer(position?.versionID.rawValue ?? 0),
        .count(limit + 1),
      ],
      AssetRecord.init
    )
    return Page(rows, limit: limit) { AssetPosition(name: $0.name, versionID: $0.versionID) }
  }

  /// Returns the assets of a package with exactly this name, one for each version that has it,
  /// oldest version first.
  ///
  /// Formats in which file names are unique in a package have at most one.
  package func assets(
    named name: String,
    ofPackage package: PackageID,
    limit: Int
  ) throws(CatalogError) -> [(asset: AssetRecord, version: VersionRecord)] {
    let assets = try connection.rows(
      AssetStatements.ofPackageByName,
      [.id(package), .text(name), .count(limit)],
      AssetRecord.init
    )
    var found: [(asset: AssetRecord, version: VersionRecord)] = []
    for asset in assets {
      if let version = try self.version(asset.versionID) { found.append((asset, version)) }
    }
    return found
  }
}

extension AssetRecord {
  init(_ row: ResultRow) throws(CatalogError) {
    self.id = try row.id(0)
    self.versionID = try row.id(1)
    self.name = try row.text(2)
    self.byteCount = try row.integer(3)
    self.digests = AssetDigests(
      md5: try row.bytes(5),
      sha1: try row.bytes(6),
      sha256: try row.digest(4),
      sha512: try row.bytes(7)
    )
    self.attachment = try AttachedBlob(row, from: 8)
    self.uploadedAt = try row.time(10)
    self.attributes = try row.text(11)
  }
}

extension AttachedBlob {
  /// Reads a key and a byte count that are both there or both missing.
  init?(_ row: ResultRow, from start: Int) throws(CatalogError) {
    guard let byteCount = try row.integerIfPresent(start + 1) else { return nil }
    self.key = try row.digest(start)
    self.byteCount = byteCount
  }
}
