/// The statements over `domain_key`.
enum KeyStatements {
  private static let columns = "domain_id, master, wrapped, generation, wrapped_at"

  static let ofDomain = NamedStatement(
    "key of domain",
    "SELECT \(columns) FROM domain_key WHERE domain_id = ?"
  )
  static let page = NamedStatement(
    "keys, a page",
    "SELECT \(columns) FROM domain_key WHERE domain_id > ? ORDER BY domain_id LIMIT ?"
  )
  static let insert = NamedStatement(
    "insert key of domain",
    "INSERT INTO domain_key (\(columns)) VALUES (?, ?, ?, 1, ?)"
  )
  static let rewrap = NamedStatement(
    "rewrap key of domain",
    """
    UPDATE domain_key SET master = ?, wrapped = ?, generation = generation + 1, wrapped_at = ?
    WHERE domain_id = ? AND generation = ?
    """
  )
  static let deleteOfDomain = NamedStatement(
    "delete key of domain",
    "DELETE FROM domain_key WHERE domain_id = ?"
  )

  static let all = [ofDomain, page, insert, rewrap, deleteOfDomain]
}
