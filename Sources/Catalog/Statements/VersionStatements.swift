/// The statements over `version`.
///
/// A filtered listing is merged from one range for each pair of status and origin that passes, so
/// that two indexes serve every filter in both orders.
enum VersionStatements {
  static let columns =
    "id, package_id, version, display_name, status, revision, origin_type, origin_name,"
    + " published_at, metadata"

  static let byName = NamedStatement(
    "version by name",
    "SELECT \(columns) FROM version WHERE package_id = ? AND version = ?"
  )
  static let byID = NamedStatement(
    "version by key",
    "SELECT \(columns) FROM version WHERE id = ?"
  )
  static let page = NamedStatement(
    "versions in order of name",
    """
    SELECT \(columns) FROM version WHERE package_id = ? AND version > ?
    ORDER BY version LIMIT ?
    """
  )
  static let pageOfKind = NamedStatement(
    "versions of one status and origin in order of name",
    """
    SELECT \(columns) FROM version
    WHERE package_id = ? AND status = ? AND origin_type = ? AND version > ?
    ORDER BY version LIMIT ?
    """
  )
  static let newestOfKind = NamedStatement(
    "versions of one status and origin, newest first",
    """
    SELECT \(columns) FROM version
    WHERE package_id = ? AND status = ? AND origin_type = ? AND (published_at, version) < (?, ?)
    ORDER BY published_at DESC, version DESC LIMIT ?
    """
  )
  static let insert = NamedStatement(
    "insert version",
    """
    INSERT INTO version
      (package_id, version, display_name, status, revision, origin_type, origin_name, published_at,
       metadata)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
    """
  )
  static let update = NamedStatement(
    "update version",
    "UPDATE version SET status = ?, metadata = ?, revision = ? WHERE id = ? RETURNING \(columns)"
  )
  static let replace = NamedStatement(
    "replace version",
    """
    UPDATE version SET display_name = ?, status = ?, revision = ?, origin_type = ?, origin_name = ?,
      published_at = ?, metadata = ?
    WHERE id = ? RETURNING \(columns)
    """
  )
  static let delete = NamedStatement("delete version", "DELETE FROM version WHERE id = ?")
  static let deleteSome = NamedStatement(
    "delete some versions",
    "DELETE FROM version WHERE id IN (SELECT id FROM version WHERE package_id = ? LIMIT ?)"
  )

  static let all = [
    byName, byID, page, pageOfKind, newestOfKind, insert, update, replace, delete,
    deleteSome,
  ]
}
