/// The statements over `external_document`.
enum ExternalDocumentStatements {
  static let columns =
    "connection, path, source, status, blob_key, byte_count, content_type, entity_tag,"
    + " last_modified, fetched_at, checked_at"

  static let byPath = NamedStatement(
    "external document by path",
    "SELECT \(columns) FROM external_document WHERE connection = ? AND path = ?"
  )
  static let store = NamedStatement(
    "store external document",
    """
    INSERT INTO external_document (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (connection, path) DO UPDATE SET
      source = excluded.source, status = excluded.status, blob_key = excluded.blob_key,
      byte_count = excluded.byte_count, content_type = excluded.content_type,
      entity_tag = excluded.entity_tag, last_modified = excluded.last_modified,
      fetched_at = excluded.fetched_at, checked_at = excluded.checked_at
    """
  )
  static let touch = NamedStatement(
    "touch external document",
    "UPDATE external_document SET checked_at = ? WHERE connection = ? AND path = ?"
  )

  static let all = [byPath, store, touch]
}
