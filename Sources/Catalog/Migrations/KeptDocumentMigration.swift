/// Documents that were written from packages, ready to send, and what they were written from.
///
/// `name` says which document of a repository it is, and by which program it was written. `stamp`
/// is a digest of everything that it was written from; `reads` are the documents of public
/// registries among that. A row does not hold its blob: the sweep gives the bytes back like any
/// others that nothing refers to, and a document without bytes is written anew.
enum KeptDocumentMigration {
  static let sql = """
    CREATE TABLE kept_document (
      repository_id INTEGER NOT NULL,
      name TEXT NOT NULL,
      stamp BLOB NOT NULL,
      reads TEXT NOT NULL,
      blob_key BLOB NOT NULL,
      kept_at INTEGER NOT NULL,
      PRIMARY KEY (repository_id, name)
    ) STRICT;
    CREATE INDEX kept_document_age ON kept_document (kept_at);
    """
}
