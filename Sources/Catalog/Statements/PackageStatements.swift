/// The statements over `package`.
///
/// A package without a namespace has the empty one.
enum PackageStatements {
  static let columns =
    "id, repository_id, format, namespace, name, display_name, publish_control,"
    + " upstream_control, created_at, serial, attributes"

  static let byCoordinates = NamedStatement(
    "package by coordinates",
    """
    SELECT \(columns) FROM package
    WHERE repository_id = ? AND format = ? AND namespace = ? AND name = ?
    """
  )
  static let byID = NamedStatement(
    "package by key",
    "SELECT \(columns) FROM package WHERE id = ?"
  )
  static let byNamespace = NamedStatement(
    "packages in order of namespace",
    """
    SELECT \(columns) FROM package
    WHERE repository_id = ? AND format = ? AND (namespace, name) > (?, ?) AND namespace < ?
    ORDER BY namespace, name LIMIT ?
    """
  )
  static let byName = NamedStatement(
    "packages in order of name",
    """
    SELECT \(columns) FROM package
    WHERE repository_id = ? AND format = ? AND (name, namespace, id) > (?, ?, ?) AND name < ?
    ORDER BY name, namespace, id LIMIT ?
    """
  )
  static let insert = NamedStatement(
    "insert package",
    """
    INSERT INTO package
      (repository_id, format, namespace, name, display_name, publish_control, upstream_control,
       created_at, serial)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0) RETURNING \(columns)
    """
  )
  static let setSerial = NamedStatement(
    "set package serial",
    "UPDATE package SET serial = ? WHERE id = ?"
  )
  static let setRestrictions = NamedStatement(
    "set package restrictions",
    "UPDATE package SET publish_control = ?, upstream_control = ? WHERE id = ?"
  )
  static let setAttributes = NamedStatement(
    "set package attributes",
    "UPDATE package SET attributes = ? WHERE id = ?"
  )
  static let anyOfRepository = NamedStatement(
    "any package of repository",
    "SELECT id FROM package WHERE repository_id = ? LIMIT 1"
  )
  static let move = NamedStatement(
    "move package",
    "UPDATE package SET repository_id = ? WHERE id = ?"
  )
  static let delete = NamedStatement("delete package", "DELETE FROM package WHERE id = ?")

  static let all = [
    byCoordinates, byID, byNamespace, byName, insert, setSerial, setRestrictions, setAttributes,
    anyOfRepository, move, delete,
  ]
}
