/// The statements over `repository`.
///
/// A listing starts after a name and a key, so that one comparison both includes the first name of
/// a range (any key is above 0) and goes on after the last one of a page. A prefix is a range with
/// an end, which without a prefix lies beyond every name.
enum RepositoryStatements {
  static let columns =
    "id, domain_id, name, administrator, description, created_at, serial"

  static let byName = NamedStatement(
    "repository by name",
    "SELECT \(columns) FROM repository WHERE domain_id = ? AND name = ? AND deleted_at IS NULL"
  )
  static let byID = NamedStatement(
    "repository by key",
    "SELECT \(columns) FROM repository WHERE id = ? AND deleted_at IS NULL"
  )
  static let ofDomain = NamedStatement(
    "repositories of domain",
    """
    SELECT \(columns) FROM repository
    WHERE domain_id = ? AND (name, id) > (?, ?) AND name < ? AND deleted_at IS NULL
    ORDER BY name, id LIMIT ?
    """
  )
  static let ofDomainByAdministrator = NamedStatement(
    "repositories of domain by administrator",
    """
    SELECT \(columns) FROM repository
    WHERE domain_id = ? AND administrator = ? AND (name, id) > (?, ?) AND name < ?
      AND deleted_at IS NULL
    ORDER BY name, id LIMIT ?
    """
  )
  static let byAdministrator = NamedStatement(
    "repositories by administrator",
    """
    SELECT \(columns) FROM repository
    WHERE administrator = ? AND (name, id) > (?, ?) AND name < ? AND deleted_at IS NULL
    ORDER BY name, id LIMIT ?
    """
  )
  static let insert = NamedStatement(
    "insert repository",
    """
    INSERT INTO repository (domain_id, name, administrator, description, created_at, serial)
    VALUES (?, ?, ?, ?, ?, 0) RETURNING id
    """
  )
  static let setDescription = NamedStatement(
    "set repository description",
    "UPDATE repository SET description = ? WHERE id = ?"
  )
  static let settings = NamedStatement(
    "settings of repository",
    "SELECT settings FROM repository WHERE id = ? AND deleted_at IS NULL"
  )
  static let settingsOfDomain = NamedStatement(
    "settings of all repositories of domain",
    """
    SELECT id, settings FROM repository
    WHERE domain_id = ? AND deleted_at IS NULL AND settings <> '{}'
    """
  )
  static let setSettings = NamedStatement(
    "set repository settings",
    "UPDATE repository SET settings = ? WHERE id = ?"
  )
  static let setSerial = NamedStatement(
    "set repository serial",
    "UPDATE repository SET serial = ? WHERE id = ?"
  )
  static let markDeleted = NamedStatement(
    "mark repository deleted",
    "UPDATE repository SET deleted_at = ? WHERE id = ?"
  )
  static let oldestDeleted = NamedStatement(
    "oldest deleted repository",
    """
    SELECT id, domain_id FROM repository WHERE deleted_at IS NOT NULL
    ORDER BY deleted_at LIMIT 1
    """
  )
  static let insertGrave = NamedStatement(
    "insert grave of package",
    """
    INSERT INTO repository
      (domain_id, name, administrator, description, created_at, serial, deleted_at)
    VALUES (?, ?, ?, NULL, ?, 0, ?) RETURNING id
    """
  )
  static let delete = NamedStatement("delete repository", "DELETE FROM repository WHERE id = ?")

  static let all = [
    byName, byID, ofDomain, ofDomainByAdministrator, byAdministrator, insert, setDescription,
    settings, settingsOfDomain, setSettings, setSerial, markDeleted, oldestDeleted, insertGrave,
    delete,
  ]
}
