/// The statements over `account`, `principal`, `access_key` and `token`.
enum AccessStatements {
  static let principalColumns =
    "principal.id, principal.account_id, principal.name, principal.arn,"
    + " principal.is_administrator, principal.created_at"

  static let firstAccount = NamedStatement(
    "first account",
    "SELECT id FROM account ORDER BY id LIMIT 1"
  )
  static let insertAccount = NamedStatement(
    "insert account",
    "INSERT INTO account (id, created_at) VALUES (?, ?)"
  )

  static let insertPrincipal = NamedStatement(
    "insert principal",
    """
    INSERT INTO principal (account_id, name, arn, is_administrator, created_at)
    VALUES (?, ?, ?, ?, ?) RETURNING \(principalColumns.replacing("principal.", with: ""))
    """
  )
  static let principalByARN = NamedStatement(
    "principal by name",
    "SELECT \(principalColumns) FROM principal WHERE arn = ?"
  )
  static let firstAdministrator = NamedStatement(
    "first administrator of account",
    """
    SELECT \(principalColumns) FROM principal WHERE account_id = ? AND is_administrator = 1
    ORDER BY id LIMIT 1
    """
  )
  static let oldestKey = NamedStatement(
    "oldest active key of principal",
    """
    SELECT id, principal_id, sealed_secret, status, created_at
    FROM access_key WHERE principal_id = ? AND status = 'Active'
    ORDER BY created_at, id LIMIT 1
    """
  )

  static let insertAccessKey = NamedStatement(
    "insert access key",
    """
    INSERT INTO access_key (id, principal_id, sealed_secret, status, created_at)
    VALUES (?, ?, ?, ?, ?) RETURNING id, principal_id, sealed_secret, status, created_at
    """
  )
  static let accessKey = NamedStatement(
    "access key with principal",
    """
    SELECT access_key.id, access_key.principal_id, access_key.sealed_secret, access_key.status,
      access_key.created_at, \(principalColumns)
    FROM access_key JOIN principal ON principal.id = access_key.principal_id
    WHERE access_key.id = ?
    """
  )
  static let setAccessKeyStatus = NamedStatement(
    "set access key status",
    "UPDATE access_key SET status = ? WHERE id = ?"
  )

  static let insertToken = NamedStatement(
    "insert token",
    """
    INSERT INTO token (digest, principal_id, domain_id, created_at, expires_at)
    VALUES (?, ?, ?, ?, ?)
    """
  )
  static let token = NamedStatement(
    "token with principal",
    """
    SELECT token.digest, token.principal_id, token.domain_id, token.created_at, token.expires_at,
      \(principalColumns)
    FROM token JOIN principal ON principal.id = token.principal_id
    WHERE token.digest = ?
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
  static let deleteExpiredTokens = NamedStatement(
    "delete expired tokens",
    """
    DELETE FROM token WHERE digest IN
      (SELECT digest FROM token WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
    """
  )

  static let all = [
    firstAccount, insertAccount, insertPrincipal, principalByARN, firstAdministrator,
    oldestKey, insertAccessKey,
    accessKey, setAccessKeyStatus, insertToken, token, deleteToken, deleteTokensOfDomain,
    deleteExpiredTokens,
  ]
}
