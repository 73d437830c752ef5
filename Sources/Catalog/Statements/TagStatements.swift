/// The statements over `tag`.
enum TagStatements {
  static let ofDomain = NamedStatement(
    "tags of everything in domain",
    "SELECT kind, resource_id, key, value FROM tag WHERE domain_id = ?"
  )
  static let ofResource = NamedStatement(
    "tags of resource",
    """
    SELECT key, value FROM tag WHERE domain_id = ? AND kind = ? AND resource_id = ? ORDER BY key
    """
  )
  static let put = NamedStatement(
    "put tag",
    """
    INSERT INTO tag (domain_id, kind, resource_id, key, value) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (domain_id, kind, resource_id, key) DO UPDATE SET value = excluded.value
    """
  )
  static let delete = NamedStatement(
    "delete tag",
    "DELETE FROM tag WHERE domain_id = ? AND kind = ? AND resource_id = ? AND key = ?"
  )
  static let deleteOfResource = NamedStatement(
    "delete tags of resource",
    "DELETE FROM tag WHERE domain_id = ? AND kind = ? AND resource_id = ?"
  )
  static let deleteOfDomain = NamedStatement(
    "delete tags of everything in domain",
    "DELETE FROM tag WHERE domain_id = ?"
  )

  static let all = [ofDomain, ofResource, put, delete, deleteOfResource, deleteOfDomain]
}
