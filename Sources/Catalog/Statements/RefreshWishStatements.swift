/// The statements over `refresh_wish`.
enum RefreshWishStatements {
  static let latest = NamedStatement(
    "latest refresh wishes",
    "SELECT connection, package, wished_at FROM refresh_wish ORDER BY wished_at DESC LIMIT ?"
  )
  static let store = NamedStatement(
    "store refresh wish",
    """
    INSERT INTO refresh_wish (connection, package, wished_at) VALUES (?, ?, ?)
    ON CONFLICT (connection, package) DO UPDATE SET wished_at = excluded.wished_at
    """
  )
  /// What somebody wished of a registry's packages before wishing it of all of them.
  static let deleteOfPackages = NamedStatement(
    "delete refresh wishes of packages",
    "DELETE FROM refresh_wish WHERE connection = ? AND package <> ''"
  )

  static let all = [latest, store, deleteOfPackages]
}
