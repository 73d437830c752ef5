/// The statements over `journal`.
enum JournalStatements {
  static let columns =
    "domain_id, serial, kind, repository_id, repository, format, namespace, package, version,"
    + " detail, happened_at"

  static let append = NamedStatement(
    "append to journal",
    "INSERT INTO journal (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
  )
  static let page = NamedStatement(
    "journal of domain",
    "SELECT \(columns) FROM journal WHERE domain_id = ? AND serial > ? ORDER BY serial LIMIT ?"
  )
  static let touching = NamedStatement(
    "changes of domain that touch a version",
    """
    SELECT 1 FROM journal
    WHERE domain_id = ? AND serial > ?
      AND (
        package IS NULL
        OR (
          format = ? AND COALESCE(namespace, '') = ? AND package = ? AND repository_id <> ?
          AND (version IS NULL OR COALESCE(?, version) = version)
        )
      )
    LIMIT 1
    """
  )

  static let all = [append, page, touching]
}
