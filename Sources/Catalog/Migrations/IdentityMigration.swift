/// Accounts by name, users and roles, what they may do, and who vouches for strangers.
///
/// The table of principals is made anew, because a user and a role of one account may have one
/// name. Who was there before is a user, and whoever was the first account stays it. Tokens of
/// before know no key that they came by; they last until they expire.
enum IdentityMigration {
  static let sql = accounts + principals + keys + policies

  private static let accounts = """
    ALTER TABLE account ADD COLUMN name TEXT NOT NULL DEFAULT '';
    ALTER TABLE account ADD COLUMN is_first INTEGER NOT NULL DEFAULT 0
      CHECK (is_first IN (0, 1));
    UPDATE account SET is_first = 1 WHERE id = (SELECT id FROM account ORDER BY id LIMIT 1);
    CREATE UNIQUE INDEX account_first ON account (is_first) WHERE is_first = 1;

    """

  private static let principals = """
    CREATE TABLE principal_anew (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      account_id TEXT NOT NULL REFERENCES account (id),
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      arn TEXT NOT NULL UNIQUE,
      unique_id TEXT NOT NULL UNIQUE,
      is_administrator INTEGER NOT NULL CHECK (is_administrator IN (0, 1)),
      created_at INTEGER NOT NULL,
      tags TEXT NOT NULL,
      trust_policy TEXT,
      longest_session INTEGER NOT NULL,
      sessions_since INTEGER NOT NULL,
      UNIQUE (account_id, kind, name)
    ) STRICT;
    INSERT INTO principal_anew
      SELECT id, account_id, 'user', name, arn, 'LIDA' || substr('0000000000000000' || id, -16),
        is_administrator, created_at, '{}', NULL, 3600, 0
      FROM principal ORDER BY id;
    DROP TABLE principal;
    ALTER TABLE principal_anew RENAME TO principal;

    """

  private static let keys = """
    ALTER TABLE access_key ADD COLUMN last_used_at INTEGER;
    ALTER TABLE access_key ADD COLUMN last_used_service TEXT;
    ALTER TABLE token ADD COLUMN access_key_id TEXT REFERENCES access_key (id) ON DELETE CASCADE;
    ALTER TABLE token ADD COLUMN session TEXT;
    DROP INDEX token_principal;
    CREATE INDEX token_principal ON token (principal_id, created_at, digest);
    DROP INDEX token_domain;
    CREATE INDEX token_domain ON token (domain_id, created_at, digest);
    CREATE INDEX token_access_key ON token (access_key_id) WHERE access_key_id IS NOT NULL;

    """

  private static let policies = """
    CREATE TABLE identity_policy (
      principal_id INTEGER NOT NULL REFERENCES principal (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      document TEXT,
      changed_at INTEGER NOT NULL,
      PRIMARY KEY (principal_id, name)
    ) STRICT;
    CREATE TABLE oidc_provider (
      account_id TEXT NOT NULL REFERENCES account (id),
      issuer TEXT NOT NULL,
      audiences TEXT NOT NULL,
      key_address TEXT,
      key_set TEXT,
      created_at INTEGER NOT NULL,
      PRIMARY KEY (account_id, issuer)
    ) STRICT;

    """
}
