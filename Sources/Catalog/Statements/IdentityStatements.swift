/// The statements over `account`, `principal`, `identity_policy` and `oidc_provider`.
enum IdentityStatements {
  private static let principalColumns = AccessStatements.principalColumns
  private static let accountColumns = "id, name, is_first, created_at"
  private static let policyColumns = "principal_id, name, document, changed_at"
  private static let providerColumns =
    "account_id, issuer, audiences, key_address, key_set, created_at"

  static let insertAccount = NamedStatement(
    "insert account",
    "INSERT INTO account (id, name, is_first, created_at) VALUES (?, ?, ?, ?)"
  )
  static let firstAccount = NamedStatement(
    "first account",
    "SELECT \(accountColumns) FROM account WHERE is_first = 1"
  )
  static let account = NamedStatement(
    "account",
    "SELECT \(accountColumns) FROM account WHERE id = ?"
  )
  static let accounts = NamedStatement(
    "accounts",
    "SELECT \(accountColumns) FROM account ORDER BY id"
  )

  static let insertPrincipal = NamedStatement(
    "insert principal",
    """
    INSERT INTO principal (account_id, kind, name, arn, unique_id, is_administrator, created_at,
      tags, trust_policy, longest_session, sessions_since)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
    RETURNING \(principalColumns.replacing("principal.", with: ""))
    """
  )
  static let principal = NamedStatement(
    "principal",
    "SELECT \(principalColumns) FROM principal WHERE id = ?"
  )
  static let principalByARN = NamedStatement(
    "principal by full name",
    "SELECT \(principalColumns) FROM principal WHERE arn = ?"
  )
  static let principals = NamedStatement(
    "principals of account",
    """
    SELECT \(principalColumns) FROM principal WHERE account_id = ? AND kind = ? ORDER BY name
    """
  )
  static let setTrustPolicy = NamedStatement(
    "set trust policy",
    "UPDATE principal SET trust_policy = ? WHERE id = ?"
  )
  static let endSessions = NamedStatement(
    "end sessions of principal",
    "UPDATE principal SET sessions_since = ? WHERE id = ?"
  )
  static let deletePrincipal = NamedStatement(
    "delete principal",
    "DELETE FROM principal WHERE id = ?"
  )

  static let putPolicy = NamedStatement(
    "put identity policy",
    """
    INSERT INTO identity_policy (principal_id, name, document, changed_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (principal_id, name)
      DO UPDATE SET document = excluded.document, changed_at = excluded.changed_at
    """
  )
  static let policies = NamedStatement(
    "identity policies of principal",
    """
    SELECT \(policyColumns) FROM identity_policy WHERE principal_id = ? ORDER BY name
    """
  )
  static let policy = NamedStatement(
    "identity policy",
    "SELECT \(policyColumns) FROM identity_policy WHERE principal_id = ? AND name = ?"
  )
  static let deletePolicy = NamedStatement(
    "delete identity policy",
    "DELETE FROM identity_policy WHERE principal_id = ? AND name = ?"
  )

  static let insertProvider = NamedStatement(
    "insert provider",
    """
    INSERT INTO oidc_provider (\(providerColumns)) VALUES (?, ?, ?, ?, ?, ?)
    """
  )
  static let provider = NamedStatement(
    "provider",
    "SELECT \(providerColumns) FROM oidc_provider WHERE account_id = ? AND issuer = ?"
  )
  static let providers = NamedStatement(
    "providers of account",
    "SELECT \(providerColumns) FROM oidc_provider WHERE account_id = ? ORDER BY issuer"
  )
  static let deleteProvider = NamedStatement(
    "delete provider",
    "DELETE FROM oidc_provider WHERE account_id = ? AND issuer = ?"
  )

  static let all = [
    insertAccount, firstAccount, account, accounts, insertPrincipal, principal, principalByARN,
    principals, setTrustPolicy, endSessions, deletePrincipal, putPolicy, policies, policy,
    deletePolicy, insertProvider, provider, providers, deleteProvider,
  ]
}
