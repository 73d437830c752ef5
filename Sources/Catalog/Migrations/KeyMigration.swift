/// The data keys of domains, each wrapped by a master key that is not here.
///
/// A domain without a row is one that was made before there were keys: its blobs are not encrypted.
/// A deleted domain loses its row, and with it the only copy of its key.
enum KeyMigration {
  static let sql = """
    CREATE TABLE domain_key (
      domain_id INTEGER NOT NULL PRIMARY KEY REFERENCES domain (id),
      master TEXT NOT NULL,
      wrapped BLOB NOT NULL,
      generation INTEGER NOT NULL,
      wrapped_at INTEGER NOT NULL
    ) STRICT;
    """
}
