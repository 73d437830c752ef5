/// The statements over `domain_policy` and `repository_policy`.
enum PolicyStatements {
  static let ofDomain = NamedStatement(
    "policy of domain",
    "SELECT document, revision FROM domain_policy WHERE domain_id = ?"
  )
  static let ofRepository = NamedStatement(
    "policy of repository",
    "SELECT document, revision FROM repository_policy WHERE repository_id = ?"
  )
  static let putOfDomain = NamedStatement(
    "put policy of domain",
    """
    INSERT INTO domain_policy (domain_id, document, revision) VALUES (?, ?, ?)
    ON CONFLICT (domain_id) DO UPDATE SET document = excluded.document,
      revision = excluded.revision
    """
  )
  static let putOfRepository = NamedStatement(
    "put policy of repository",
    """
    INSERT INTO repository_policy (repository_id, document, revision) VALUES (?, ?, ?)
    ON CONFLICT (repository_id) DO UPDATE SET document = excluded.document,
      revision = excluded.revision
    """
  )
  static let deleteOfDomain = NamedStatement(
    "delete policy of domain",
    "DELETE FROM domain_policy WHERE domain_id = ?"
  )
  static let deleteOfRepository = NamedStatement(
    "delete policy of repository",
    "DELETE FROM repository_policy WHERE repository_id = ?"
  )

  static let all = [
    ofDomain, ofRepository, putOfDomain, putOfRepository, deleteOfDomain, deleteOfRepository,
  ]
}
