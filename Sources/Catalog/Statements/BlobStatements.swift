/// The statements that ask who refers to a blob, and those over `unreferred_blob`.
enum BlobStatements {
  static let anyDomain = NamedStatement(
    "any domain with blob",
    """
    SELECT domain_id FROM domain_blob WHERE blob_name = ? AND blob_name IS NOT NULL
    UNION ALL SELECT domain_id FROM domain_blob WHERE blob_key = ? AND blob_name IS NULL LIMIT 1
    """
  )
  static let anyDocument = NamedStatement(
    "any external document with blob",
    "SELECT status FROM external_document WHERE blob_key = ? LIMIT 1"
  )
  static let domains = NamedStatement(
    "domains with blob",
    """
    SELECT domain.owner, domain.name, domain_blob.asset_count, domain_blob.attachment_count,
      domain_blob.blob_name
    FROM domain_blob JOIN domain ON domain.id = domain_blob.domain_id
    WHERE domain_blob.blob_name = ? AND domain_blob.blob_name IS NOT NULL
    UNION ALL
    SELECT domain.owner, domain.name, domain_blob.asset_count, domain_blob.attachment_count,
      domain_blob.blob_name
    FROM domain_blob JOIN domain ON domain.id = domain_blob.domain_id
    WHERE domain_blob.blob_key = ?
    """
  )
  static let documents = NamedStatement(
    "external documents with blob",
    "SELECT connection, path FROM external_document WHERE blob_key = ? LIMIT ?"
  )
  static let noticed = NamedStatement(
    "when blob was noticed unreferred",
    "SELECT noticed_at FROM unreferred_blob WHERE blob_key = ?"
  )
  static let oldest = NamedStatement(
    "oldest unreferred blobs",
    """
    SELECT blob_key, noticed_at FROM unreferred_blob
    WHERE (noticed_at, blob_key) > (?, ?) AND noticed_at <= ?
    ORDER BY noticed_at, blob_key LIMIT ?
    """
  )
  static let named = NamedStatement(
    "domains' blobs by stored name",
    """
    SELECT domain_id, blob_key, byte_count FROM domain_blob
    WHERE blob_name = ? AND blob_name IS NOT NULL
    UNION ALL
    SELECT domain_id, blob_key, byte_count FROM domain_blob
    WHERE blob_key = ? AND blob_name IS NULL
    """
  )
  static let ofDomains = NamedStatement(
    "blobs of domains",
    """
    SELECT domain_id, blob_key, byte_count FROM domain_blob WHERE (domain_id, blob_key) > (?, ?)
    ORDER BY domain_id, blob_key LIMIT ?
    """
  )
  static let notice = NamedStatement(
    "notice unreferred blob",
    """
    INSERT INTO unreferred_blob (blob_key, noticed_at) VALUES (?, ?)
    ON CONFLICT (blob_key) DO NOTHING
    """
  )
  static let forget = NamedStatement(
    "forget unreferred blob",
    "DELETE FROM unreferred_blob WHERE blob_key = ?"
  )

  static let all = [
    anyDomain, anyDocument, domains, documents, noticed, oldest, named, ofDomains, notice, forget,
  ]
}
