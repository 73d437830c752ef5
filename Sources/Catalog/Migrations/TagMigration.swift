/// Tags of domains, repositories and package groups.
///
/// `resource_id` is the key of the row of that kind; it may belong to a deleted repository until
/// that is cleared away, since keys are never given out twice.
enum TagMigration {
  static let sql = """
    CREATE TABLE tag (
      domain_id INTEGER NOT NULL REFERENCES domain (id),
      kind TEXT NOT NULL,
      resource_id INTEGER NOT NULL,
      key TEXT NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (domain_id, kind, resource_id, key)
    ) STRICT;
    """
}
