/// The statements over `event_destination` and `event_cursor`.
enum EventStatements {
  static let insertDestination = NamedStatement(
    "insert event destination",
    """
    INSERT INTO event_destination (name, created_at) VALUES (?, ?)
    ON CONFLICT (name) DO NOTHING RETURNING name
    """
  )
  /// Walks the domains, once for each destination that is new.
  static let startCursors = NamedStatement(
    "start event cursors",
    """
    INSERT INTO event_cursor (destination, domain_id, serial)
    SELECT ?, id, serial FROM domain
    """
  )
  /// Reads the domains there are, living and deleted, in steps.
  static let positions = NamedStatement(
    "positions of event destination",
    """
    SELECT domain.id, domain.owner, domain.name, domain.serial, event_cursor.serial
    FROM domain LEFT JOIN event_cursor
      ON event_cursor.destination = ? AND event_cursor.domain_id = domain.id
    WHERE domain.id > ? ORDER BY domain.id LIMIT ?
    """
  )
  static let setCursor = NamedStatement(
    "set event cursor",
    """
    INSERT INTO event_cursor (destination, domain_id, serial) VALUES (?, ?, ?)
    ON CONFLICT (destination, domain_id) DO UPDATE SET serial = excluded.serial
    """
  )

  static let all = [insertDestination, startCursors, positions, setCursor]
}
