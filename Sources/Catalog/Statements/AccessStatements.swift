/// The statements over `access_key` and `token`, and those by which a caller is known.
enum AccessStatements {
  static let principalColumns =
    "principal.id, principal.account_id, principal.kind, principal.name, principal.arn,"
    + " principal.unique_id, principal.is_administrator, principal.created_at, principal.tags,"
    + " principal.trust_policy, principal.longest_session, principal.sessions_since"
  static let keyColumns =
    "access_key.id, access_key.principal_id, access_key.sealed_secret, access_key.status,"
    + " access_key.created_at, access_key.last_used_at, access_key.last_used_service"
  static let tokenColumns =
    "token.digest, token.principal_id, token.domain_id, token.created_at, token.expires_at,"
    + " token.access_key_id, token.session"

  static let firstAdministrator = NamedStatement(
    "first administrator who can sign",
    """
    SELECT \(keyColumns), \(principalColumns) FROM account
      JOIN principal ON principal.account_id = account.id
        AND principal.kind = 'user' AND principal.is_administrator = 1
      JOIN access_key ON access_key.principal_id = principal.id AND access_key.status = 'Active'
    WHERE account.is_first = 1
    ORDER BY principal.id, access_key.created_at, access_key.id LIMIT 1
    """
  )

  static let administrators = NamedStatement(
    "administrators who can sign",
    """
    SELECT \(principalColumns) FROM account
      JOIN principal ON principal.account_id = account.id
        AND principal.kind = 'user' AND principal.is_administrator = 1
    WHERE account.is_first = 1 AND EXISTS (SELECT 1 FROM access_key
      WHERE access_key.principal_id = principal.id AND access_key.status = 'Active')
    ORDER BY principal.id
    """
  )

  static let insertAccessKey = NamedStatement(
    "insert access key",
    """
    INSERT INTO access_key (id, principal_id, sealed_secret, status, created_at)
    VALUES (?, ?, ?, ?, ?)
    RETURNING \(keyColumns.replacing("access_key.", with: ""))
    """
  )
  static let accessKey = NamedStatement(
    "access key with principal",
    """
    SELECT \(keyColumns), \(principalColumns)
    FROM access_key JOIN principal ON principal.id = access_key.principal_id
    WHERE access_key.id = ?
    """
  )
  static let accessKeys = NamedStatement(
    "access keys of principal",
    """
    SELECT \(keyColumns) FROM access_key WHERE principal_id = ? ORDER BY created_at, id
    """
  )
  static let setAccessKeyStatus = NamedStatement(
    "set access key status",
    "UPDATE access_key SET status = ? WHERE id = ?"
  )
  static let noteUse = NamedStatement(
    "note use of access key",
    "UPDATE access_key SET last_used_at = ?, last_used_service = ? WHERE id = ?"
  )
  static let deleteAccessKey = NamedStatement(
    "delete access key",
    "DELETE FROM access_key WHERE id = ?"
  )

  static let insertToken = NamedStatement(
    "insert token",
    """
    INSERT INTO token
      (digest, principal_id, domain_id, created_at, expires_at, access_key_id, session)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    """
  )
  static let token = NamedStatement(
    "token with principal",
    """
    SELECT \(tokenColumns), \(principalColumns)
    FROM token JOIN principal ON principal.id = token.principal_id
      LEFT JOIN access_key ON access_key.id = token.access_key_id
    WHERE token.digest = ? AND (token.access_key_id IS NULL OR access_key.status = 'Active')
    """
  )
  static let deleteToken = NamedStatement(
    "delete token",
    "DELETE FROM token WHERE digest = ?"
  )
  static let deleteTokensOfDomain = NamedStatement(
    "delete tokens of domain",
    "DELETE FROM token WHERE domain_id = ?"
  )
  static let deleteTokensOfPrincipal = NamedStatement(
    "delete tokens of principal",
    "DELETE FROM token WHERE principal_id = ?"
  )
  static let deleteExpiredTokens = NamedStatement(
    "delete expired tokens",
    """
    DELETE FROM token WHERE digest IN
      (SELECT digest FROM token WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
    """
  )
  static let tokensOfPrincipal = NamedStatement(
    "tokens of principal",
    """
    SELECT \(tokenColumns), principal.arn, domain.name, domain.owner
    FROM token JOIN principal ON principal.id = token.principal_id
      JOIN domain ON domain.id = token.domain_id
    WHERE token.principal_id = ? AND token.expires_at > ?
    ORDER BY token.created_at, token.digest LIMIT ?
    """
  )
  static let tokensOfDomain = NamedStatement(
    "tokens of domain",
    """
    SELECT \(tokenColumns), principal.arn, domain.name, domain.owner
    FROM token JOIN principal ON principal.id = token.principal_id
      JOIN domain ON domain.id = token.domain_id
    WHERE token.domain_id = ? AND token.expires_at > ?
    ORDER BY token.created_at, token.digest LIMIT ?
    """
  )
  static let tokensOfAccount = NamedStatement(
    "tokens of account",
    """
    SELECT \(tokenColumns), principal.arn, domain.name, domain.owner
    FROM principal JOIN token ON token.principal_id = principal.id
      JOIN domain ON domain.id = token.domain_id
    WHERE principal.account_id = ? AND token.expires_at > ?
    ORDER BY token.created_at, token.digest LIMIT ?
    """
  )

  static let all = [
    firstAdministrator, administrators, insertAccessKey, accessKey, accessKeys, setAccessKeyStatus,
    noteUse,
    deleteAccessKey, insertToken, token, deleteToken, deleteTokensOfDomain,
    deleteTokensOfPrincipal, deleteExpiredTokens, tokensOfPrincipal, tokensOfDomain,
    tokensOfAccount,
  ]
}
