/// The policies of domains and repositories: who may do what there.
///
/// At most one each. The document is kept as it was given, because it is given back.
enum PolicyMigration {
  static let sql = """
    CREATE TABLE domain_policy (
      domain_id INTEGER NOT NULL PRIMARY KEY REFERENCES domain (id) ON DELETE CASCADE,
      document TEXT NOT NULL,
      revision TEXT NOT NULL
    ) STRICT;
    CREATE TABLE repository_policy (
      repository_id INTEGER NOT NULL PRIMARY KEY REFERENCES repository (id) ON DELETE CASCADE,
      document TEXT NOT NULL,
      revision TEXT NOT NULL
    ) STRICT;
    """
}
