/// When this server first saw what public registries list.
///
/// One row for each time that something new was seen of a package, with all that was new then, in
/// microseconds since 1970 by name: a package of ten thousand versions costs one row when it is met
/// and one for each release after that.
enum SightingMigration {
  static let sql = """
    CREATE TABLE sighting (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      connection TEXT NOT NULL,
      package TEXT NOT NULL,
      seen_at INTEGER NOT NULL,
      times TEXT NOT NULL
    ) STRICT;
    CREATE INDEX sighting_package ON sighting (connection, package, id);
    """
}
