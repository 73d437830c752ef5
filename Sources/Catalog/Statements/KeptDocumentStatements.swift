/// The statements over `kept_document`.
enum KeptDocumentStatements {
  static let columns = "repository_id, name, stamp, reads, blob_key, kept_at"

  static let byName = NamedStatement(
    "kept document by name",
    "SELECT \(columns) FROM kept_document WHERE repository_id = ? AND name = ?"
  )
  static let store = NamedStatement(
    "store kept document",
    """
    INSERT INTO kept_document (\(columns)) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (repository_id, name) DO UPDATE SET
      stamp = excluded.stamp, reads = excluded.reads, blob_key = excluded.blob_key,
      kept_at = excluded.kept_at
    """
  )
  static let deleteOld = NamedStatement(
    "delete old kept documents",
    "DELETE FROM kept_document WHERE kept_at <= ?"
  )

  static let all = [byName, store, deleteOld]
}
