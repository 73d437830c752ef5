/// Since when documents of public registries count: the latest wish for each registry as a whole,
/// whose package is empty, and for each package that somebody asked to be looked at anew.
enum RefreshWishMigration {
  static let sql = """
    CREATE TABLE refresh_wish (
      connection TEXT NOT NULL,
      package TEXT NOT NULL,
      wished_at INTEGER NOT NULL,
      PRIMARY KEY (connection, package)
    ) STRICT;
    CREATE INDEX refresh_wish_age ON refresh_wish (wished_at);
    """
}
