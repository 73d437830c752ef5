/// The first tables.
///
/// Times are microseconds since 1970 in UTC, digests raw bytes, flags 0 or 1, words as the API
/// spells them, structured extras JSON as text. `AUTOINCREMENT` so that no key is given out twice.
/// STRICT and AUTOINCREMENT are SQLite's spelling of what PostgreSQL does anyway and of identity
/// columns; the statements over these tables are shared.
///
/// A repository that is deleted keeps its row, marked, until its contents are cleared away in
/// bounded steps; a deleted domain keeps it for good, because its journal hangs on it. Both free
/// their name at once: the unique indexes cover the living only.
enum FoundationMigration {
  static let sql = access + domains + packages + documents

  private static let access = """
    CREATE TABLE account (
      id TEXT NOT NULL PRIMARY KEY,
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE principal (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      account_id TEXT NOT NULL REFERENCES account (id),
      name TEXT NOT NULL,
      arn TEXT NOT NULL UNIQUE,
      is_administrator INTEGER NOT NULL CHECK (is_administrator IN (0, 1)),
      created_at INTEGER NOT NULL,
      UNIQUE (account_id, name)
    ) STRICT;
    CREATE TABLE access_key (
      id TEXT NOT NULL PRIMARY KEY,
      principal_id INTEGER NOT NULL REFERENCES principal (id) ON DELETE CASCADE,
      sealed_secret BLOB NOT NULL,
      status TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX access_key_principal ON access_key (principal_id);

    """

  private static let domains = """
    CREATE TABLE domain (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      owner TEXT NOT NULL REFERENCES account (id),
      name TEXT NOT NULL,
      encryption_key TEXT NOT NULL,
      status TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      serial INTEGER NOT NULL,
      asset_byte_count INTEGER NOT NULL CHECK (asset_byte_count >= 0),
      repository_count INTEGER NOT NULL CHECK (repository_count >= 0)
    ) STRICT;
    CREATE UNIQUE INDEX domain_living ON domain (owner, name) WHERE status = 'Active';
    CREATE TABLE token (
      digest BLOB NOT NULL PRIMARY KEY,
      principal_id INTEGER NOT NULL REFERENCES principal (id) ON DELETE CASCADE,
      domain_id INTEGER NOT NULL REFERENCES domain (id) ON DELETE CASCADE,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX token_expiry ON token (expires_at);
    CREATE INDEX token_principal ON token (principal_id);
    CREATE INDEX token_domain ON token (domain_id);
    CREATE TABLE repository (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      domain_id INTEGER NOT NULL REFERENCES domain (id),
      name TEXT NOT NULL,
      administrator TEXT NOT NULL,
      description TEXT,
      created_at INTEGER NOT NULL,
      serial INTEGER NOT NULL,
      deleted_at INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX repository_living ON repository (domain_id, name)
      WHERE deleted_at IS NULL;
    CREATE INDEX repository_domain_administrator
      ON repository (domain_id, administrator, name);
    CREATE INDEX repository_administrator ON repository (administrator, name, id)
      WHERE deleted_at IS NULL;
    CREATE INDEX repository_deleted ON repository (deleted_at) WHERE deleted_at IS NOT NULL;
    CREATE TABLE upstream (
      repository_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      upstream_id INTEGER NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
      PRIMARY KEY (repository_id, position),
      UNIQUE (repository_id, upstream_id),
      CHECK (repository_id <> upstream_id)
    ) STRICT;
    CREATE INDEX upstream_downstream ON upstream (upstream_id);
    CREATE TABLE external_connection (
      repository_id INTEGER NOT NULL PRIMARY KEY REFERENCES repository (id) ON DELETE CASCADE,
      name TEXT NOT NULL
    ) STRICT;
    CREATE TABLE journal (
      domain_id INTEGER NOT NULL REFERENCES domain (id),
      serial INTEGER NOT NULL,
      kind TEXT NOT NULL,
      repository_id INTEGER,
      repository TEXT,
      format TEXT,
      namespace TEXT,
      package TEXT,
      version TEXT,
      detail TEXT NOT NULL,
      happened_at INTEGER NOT NULL,
      PRIMARY KEY (domain_id, serial)
    ) STRICT;

    """

  private static let packages = """
    CREATE TABLE package (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      repository_id INTEGER NOT NULL REFERENCES repository (id),
      format TEXT NOT NULL,
      namespace TEXT NOT NULL,
      name TEXT NOT NULL,
      display_name TEXT NOT NULL,
      publish_control TEXT NOT NULL,
      upstream_control TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      serial INTEGER NOT NULL,
      UNIQUE (repository_id, format, namespace, name)
    ) STRICT;
    CREATE INDEX package_name ON package (repository_id, format, name, namespace);
    CREATE TABLE version (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      package_id INTEGER NOT NULL REFERENCES package (id),
      version TEXT NOT NULL,
      display_name TEXT NOT NULL,
      status TEXT NOT NULL,
      revision TEXT NOT NULL,
      origin_type TEXT NOT NULL,
      origin_name TEXT,
      published_at INTEGER NOT NULL,
      metadata TEXT NOT NULL,
      UNIQUE (package_id, version)
    ) STRICT;
    CREATE INDEX version_kind ON version (package_id, status, origin_type, version);
    CREATE INDEX version_published
      ON version (package_id, status, origin_type, published_at, version);
    CREATE TABLE asset (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      version_id INTEGER NOT NULL REFERENCES version (id),
      package_id INTEGER NOT NULL REFERENCES package (id),
      name TEXT NOT NULL,
      byte_count INTEGER NOT NULL CHECK (byte_count >= 0),
      sha256 BLOB NOT NULL,
      md5 BLOB NOT NULL,
      sha1 BLOB NOT NULL,
      sha512 BLOB NOT NULL,
      attachment_key BLOB,
      attachment_byte_count INTEGER,
      uploaded_at INTEGER NOT NULL,
      attributes TEXT NOT NULL,
      UNIQUE (version_id, name)
    ) STRICT;
    CREATE INDEX asset_package ON asset (package_id, name, version_id);
    CREATE TABLE domain_blob (
      domain_id INTEGER NOT NULL REFERENCES domain (id),
      blob_key BLOB NOT NULL,
      byte_count INTEGER NOT NULL,
      asset_count INTEGER NOT NULL CHECK (asset_count >= 0),
      attachment_count INTEGER NOT NULL CHECK (attachment_count >= 0),
      PRIMARY KEY (domain_id, blob_key)
    ) STRICT;

    """

  private static let documents = """
    CREATE TABLE external_document (
      connection TEXT NOT NULL,
      path TEXT NOT NULL,
      source TEXT NOT NULL,
      status INTEGER NOT NULL,
      blob_key BLOB,
      byte_count INTEGER,
      content_type TEXT,
      entity_tag TEXT,
      last_modified TEXT,
      fetched_at INTEGER NOT NULL,
      checked_at INTEGER NOT NULL,
      PRIMARY KEY (connection, path)
    ) STRICT;

    """
}
