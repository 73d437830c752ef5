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
  static let ofDomain = NamedStatement(
    "upstreams of all repositories of domain",
    """
    SELECT upstream.repository_id, upstream.position, upstream.upstream_id
    FROM repository JOIN upstream ON upstream.repository_id = repository.id
    WHERE repository.domain_id = ? AND repository.deleted_at IS NULL
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
  static let connectionsOfDomain = NamedStatement(
    "external connections of all repositories of domain",
    """
    SELECT external_connection.repository_id, external_connection.name
    FROM repository
      JOIN external_connection ON external_connection.repository_id = repository.id
    WHERE repository.domain_id = ? AND repository.deleted_at IS NULL
    """
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
    ofRepository, ofDomain, insert, clear, clearDownstreams, connection, connectionsOfDomain,
    insertConnection, deleteConnection,
  ]
}
