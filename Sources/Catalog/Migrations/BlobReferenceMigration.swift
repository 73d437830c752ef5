/// Who refers to a blob, found by the blob, and which blobs nothing refers to.
///
/// The key of `domain_blob` begins with the blob instead of the domain: one lookup tells whether
/// any domain has it. `unreferred_blob` has a row for each blob of the store that a sweep found
/// without a reference, with the moment when it did.
enum BlobReferenceMigration {
  static let sql = """
    CREATE TABLE domain_blob_by_key (
      domain_id INTEGER NOT NULL REFERENCES domain (id),
      blob_key BLOB NOT NULL,
      byte_count INTEGER NOT NULL,
      asset_count INTEGER NOT NULL CHECK (asset_count >= 0),
      attachment_count INTEGER NOT NULL CHECK (attachment_count >= 0),
      PRIMARY KEY (blob_key, domain_id)
    ) STRICT;
    INSERT INTO domain_blob_by_key (domain_id, blob_key, byte_count, asset_count, attachment_count)
      SELECT domain_id, blob_key, byte_count, asset_count, attachment_count FROM domain_blob;
    DROP TABLE domain_blob;
    ALTER TABLE domain_blob_by_key RENAME TO domain_blob;
    CREATE INDEX external_document_blob ON external_document (blob_key);
    CREATE TABLE unreferred_blob (
      blob_key BLOB NOT NULL PRIMARY KEY,
      noticed_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX unreferred_blob_noticed ON unreferred_blob (noticed_at, blob_key);
    """
}
