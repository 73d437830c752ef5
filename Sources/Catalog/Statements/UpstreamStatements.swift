/// The statements over `upstream` and `external_connection`.
enum UpstreamStatements {
  static let ofRepository = NamedStatement(
    "upstreams of repository",
    """
    SELECT repository.id, repository.name
    FROM upstream JOIN repository ON repository.id = upstream.upstream_id
    WHERE upstream.repository_id = ? ORDER BY upstream.position
    """
  )
  static let insert = NamedStatement(
    "insert upstream",
    "INSERT INTO upstream (repository_id, position, upstream_id) VALUES (?, ?, ?)"
  )
  static let clear = NamedStatement(
    "clear upstreams",
    "DELETE FROM upstream WHERE repository_id = ?"
  )
  static let clearDownstreams = NamedStatement(
    "clear downstreams",
    "DELETE FROM upstream WHERE upstream_id = ?"
  )

  static let connection = NamedStatement(
    "external connection",
    "SELECT name FROM external_connection WHERE repository_id = ?"
  )
  static let insertConnection = NamedStatement(
    "insert external connection",
    "INSERT INTO external_connection (repository_id, name) VALUES (?, ?)"
  )
  static let deleteConnection = NamedStatement(
    "delete external connection",
    "DELETE FROM external_connection WHERE repository_id = ?"
  )

  static let all = [
    ofRepository, insert, clear, clearDownstreams, connection, insertConnection, deleteConnection,
  ]
}
