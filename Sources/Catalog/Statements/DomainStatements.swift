/// The statements over `domain`.
enum DomainStatements {
  static let columns =
    "id, owner, name, encryption_key, status, created_at, serial, asset_byte_count,"
    + " repository_count"

  /// Reads every domain, once, when the catalog is opened.
  static let serials = NamedStatement("serials of domains", "SELECT id, serial FROM domain")
  static let byName = NamedStatement(
    "domain by name",
    "SELECT \(columns) FROM domain WHERE owner = ? AND name = ? AND status = 'Active'"
  )
  static let byID = NamedStatement(
    "domain by key",
    "SELECT \(columns) FROM domain WHERE id = ? AND status = 'Active'"
  )
  static let page = NamedStatement(
    "domains of owner",
    """
    SELECT \(columns) FROM domain WHERE owner = ? AND name > ? AND status = 'Active'
    ORDER BY name LIMIT ?
    """
  )
  static let count = NamedStatement(
    "count domains of owner",
    "SELECT COUNT(*) FROM domain WHERE owner = ? AND status = 'Active'"
  )
  static let insert = NamedStatement(
    "insert domain",
    """
    INSERT INTO domain
      (owner, name, encryption_key, status, created_at, serial, asset_byte_count,
       repository_count)
    VALUES (?, ?, ?, 'Active', ?, 0, 0, 0) RETURNING id
    """
  )
  static let markDeleted = NamedStatement(
    "mark domain deleted",
    "UPDATE domain SET status = 'Deleted' WHERE id = ? RETURNING \(columns)"
  )
  static let nextSerial = NamedStatement(
    "next serial",
    "UPDATE domain SET serial = serial + 1 WHERE id = ? RETURNING serial"
  )
  static let addRepositories = NamedStatement(
    "add to repository count",
    "UPDATE domain SET repository_count = repository_count + ? WHERE id = ?"
  )
  static let addBytes = NamedStatement(
    "add to asset bytes",
    "UPDATE domain SET asset_byte_count = asset_byte_count + ? WHERE id = ?"
  )

  static let all = [
    serials, byName, byID, page, count, insert, markDeleted, nextSerial, addRepositories, addBytes,
  ]
}
