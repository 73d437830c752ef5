/// The statements over `package_group` and `package_group_repository`.
enum PackageGroupStatements {
  static let columns =
    "id, pattern, contact_info, description, publish_mode, external_mode, internal_mode,"
    + " created_at"

  static let ofDomain = NamedStatement(
    "package groups of domain",
    "SELECT \(columns) FROM package_group WHERE domain_id = ? ORDER BY pattern"
  )
  static let insert = NamedStatement(
    "insert package group",
    """
    INSERT INTO package_group
      (domain_id, pattern, contact_info, description, publish_mode, external_mode, internal_mode,
       created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
    """
  )
  static let update = NamedStatement(
    "update package group",
    """
    UPDATE package_group
    SET contact_info = ?, description = ?, publish_mode = ?, external_mode = ?, internal_mode = ?
    WHERE id = ?
    """
  )
  static let delete = NamedStatement(
    "delete package group",
    "DELETE FROM package_group WHERE id = ?"
  )
  static let deleteOfDomain = NamedStatement(
    "delete package groups of domain",
    "DELETE FROM package_group WHERE domain_id = ?"
  )

  static let repositoriesOfDomain = NamedStatement(
    "allowed repositories of all package groups of domain",
    """
    SELECT package_group_repository.group_id, package_group_repository.restriction,
      package_group_repository.repository_id
    FROM package_group
      JOIN package_group_repository ON package_group_repository.group_id = package_group.id
    WHERE package_group.domain_id = ?
    """
  )
  static let insertRepository = NamedStatement(
    "allow repository in package group",
    """
    INSERT INTO package_group_repository (group_id, restriction, repository_id) VALUES (?, ?, ?)
    """
  )
  static let deleteRepository = NamedStatement(
    "take repository from package group",
    """
    DELETE FROM package_group_repository
    WHERE group_id = ? AND restriction = ? AND repository_id = ?
    """
  )
  static let forgetRepository = NamedStatement(
    "take repository from all package groups",
    "DELETE FROM package_group_repository WHERE repository_id = ?"
  )

  static let all = [
    ofDomain, insert, update, delete, deleteOfDomain, repositoriesOfDomain, insertRepository,
    deleteRepository, forgetRepository,
  ]
}
