/// How far each destination of events has come with each domain's journal.
///
/// A destination has a row from the moment it is first asked for on, and begins with what happens
/// then: the serials of the domains there are become its cursors. Domains made later have no cursor
/// until something of them was delivered, which is serial 0.
enum EventMigration {
  static let sql = """
    CREATE TABLE event_destination (
      name TEXT NOT NULL PRIMARY KEY,
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE event_cursor (
      destination TEXT NOT NULL REFERENCES event_destination (name),
      domain_id INTEGER NOT NULL REFERENCES domain (id),
      serial INTEGER NOT NULL,
      PRIMARY KEY (destination, domain_id)
    ) STRICT;
    CREATE INDEX event_cursor_domain ON event_cursor (domain_id);
    """
}
