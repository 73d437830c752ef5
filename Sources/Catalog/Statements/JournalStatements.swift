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

  static let all = [append, page]
}
