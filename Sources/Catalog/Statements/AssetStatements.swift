/// The statements over `asset` and `domain_blob`.
enum AssetStatements {
  static let columns =
    "id, version_id, name, byte_count, sha256, md5, sha1, sha512, attachment_key,"
    + " attachment_byte_count, uploaded_at, attributes"

  static let byName = NamedStatement(
    "asset by name",
    "SELECT \(columns) FROM asset WHERE version_id = ? AND name = ?"
  )
  static let byID = NamedStatement("asset by key", "SELECT \(columns) FROM asset WHERE id = ?")
  static let ofVersion = NamedStatement(
    "assets of version",
    "SELECT \(columns) FROM asset WHERE version_id = ? AND name > ? ORDER BY name LIMIT ?"
  )
  static let countOfVersion = NamedStatement(
    "count assets of version",
    "SELECT COUNT(*) FROM asset WHERE version_id = ?"
  )
  static let fingerprints = NamedStatement(
    "fingerprints of version's assets",
    "SELECT name, sha256, attributes FROM asset WHERE version_id = ? ORDER BY name"
  )
  static let ofPackage = NamedStatement(
    "assets of package",
    """
    SELECT \(columns) FROM asset WHERE package_id = ? AND (name, version_id) > (?, ?)
    ORDER BY name, version_id LIMIT ?
    """
  )
  static let ofPackageByName = NamedStatement(
    "assets of package by name",
    """
    SELECT \(columns) FROM asset WHERE package_id = ? AND name = ?
    ORDER BY version_id LIMIT ?
    """
  )
  static let countsOfPackage = NamedStatement(
    "count assets of package by version",
    "SELECT version_id, COUNT(*) FROM asset WHERE package_id = ? GROUP BY version_id"
  )
  static let insert = NamedStatement(
    "insert asset",
    """
    INSERT INTO asset
      (version_id, package_id, name, byte_count, sha256, md5, sha1, sha512, attachment_key,
       attachment_byte_count, uploaded_at, attributes)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING \(columns)
    """
  )
  static let setAttributes = NamedStatement(
    "set asset attributes",
    "UPDATE asset SET attributes = ? WHERE id = ?"
  )
  static let someOfPackage = NamedStatement(
    "some assets of package",
    "SELECT \(columns) FROM asset WHERE package_id = ? LIMIT ?"
  )
  static let ofBlob = NamedStatement(
    "assets of blob",
    """
    SELECT \(columns) FROM asset WHERE sha256 = ?
    UNION ALL
    SELECT \(columns) FROM asset
    WHERE attachment_key = ? AND attachment_key IS NOT NULL AND sha256 <> attachment_key
    LIMIT ?
    """
  )
  static let delete = NamedStatement("delete asset", "DELETE FROM asset WHERE id = ?")

  static let referBlob = NamedStatement(
    "refer to blob",
    """
    INSERT INTO domain_blob
      (domain_id, blob_key, blob_name, byte_count, asset_count, attachment_count)
    VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (domain_id, blob_key) DO UPDATE SET
      asset_count = domain_blob.asset_count + excluded.asset_count,
      attachment_count = domain_blob.attachment_count + excluded.attachment_count
    RETURNING asset_count
    """
  )
  static let nameOfBlob = NamedStatement(
    "name of domain's blob",
    "SELECT blob_name FROM domain_blob WHERE domain_id = ? AND blob_key = ?"
  )
  static let releaseBlob = NamedStatement(
    "release blob",
    """
    UPDATE domain_blob SET asset_count = asset_count - ?, attachment_count = attachment_count - ?
    WHERE domain_id = ? AND blob_key = ? RETURNING asset_count, attachment_count, blob_name
    """
  )
  static let dropBlob = NamedStatement(
    "drop blob",
    "DELETE FROM domain_blob WHERE domain_id = ? AND blob_key = ?"
  )

  static let all = [
    byName, byID, ofVersion, countOfVersion, fingerprints, ofPackage, ofPackageByName,
    countsOfPackage,
    insert, setAttributes, someOfPackage, ofBlob, delete, referBlob, nameOfBlob, releaseBlob,
    dropBlob,
  ]
}
