/// Who refers to a blob, found by the blob, and which blobs nothing refers to.
///
/// `blob_name` is what the store calls a blob of a domain whose blobs are sealed; NULL for one that
/// it calls as its bytes hash. `unreferred_blob` has a row for each blob of the store that a sweep
/// found without a reference, with the moment when it did.
enum BlobReferenceMigration {
  static let sql = """
    ALTER TABLE domain_blob ADD COLUMN blob_name BLOB;
    CREATE INDEX domain_blob_name ON domain_blob (blob_name) WHERE blob_name IS NOT NULL;
    CREATE INDEX domain_blob_key ON domain_blob (blob_key, domain_id);
    CREATE INDEX asset_sha256 ON asset (sha256);
    CREATE INDEX asset_attachment ON asset (attachment_key) WHERE attachment_key IS NOT NULL;
    CREATE INDEX external_document_blob ON external_document (blob_key);
    CREATE TABLE unreferred_blob (
      blob_key BLOB NOT NULL PRIMARY KEY,
      noticed_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX unreferred_blob_noticed ON unreferred_blob (noticed_at, blob_key);
    """
}
