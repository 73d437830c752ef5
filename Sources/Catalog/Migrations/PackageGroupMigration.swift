/// Package groups, and the repositories that each opens a road to.
///
/// Every domain has the group `/*` from its beginning; those that are there get it here.
enum PackageGroupMigration {
  static let sql = """
    CREATE TABLE package_group (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      domain_id INTEGER NOT NULL REFERENCES domain (id),
      pattern TEXT NOT NULL,
      contact_info TEXT,
      description TEXT,
      publish_mode TEXT NOT NULL,
      external_mode TEXT NOT NULL,
      internal_mode TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      UNIQUE (domain_id, pattern)
    ) STRICT;
    CREATE TABLE package_group_repository (
      group_id INTEGER NOT NULL REFERENCES package_group (id) ON DELETE CASCADE,
      restriction TEXT NOT NULL,
      repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
      PRIMARY KEY (group_id, restriction, repository_id)
    ) STRICT;
    CREATE INDEX package_group_repository_of ON package_group_repository (repository_id);
    INSERT INTO package_group
      (domain_id, pattern, publish_mode, external_mode, internal_mode, created_at)
    SELECT id, '/*', 'ALLOW', 'ALLOW', 'ALLOW', created_at FROM domain WHERE status = 'Active';
    """
}
