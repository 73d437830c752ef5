import Access

/// Principals and names that the tests of policies share.
enum PolicySamples {
  static let owner = "111122223333"
  static let other = "444455556666"
  static let region = "us-east-1"
  static let repository = "arn:aws:codeartifact:us-east-1:111122223333:repository/corp/r1"
  static let domain = "arn:aws:codeartifact:us-east-1:111122223333:domain/corp"

  static func user(_ name: String, of account: String = owner) -> Principal {
    Principal(
      account: account,
      arn: "arn:aws:iam::\(account):user/\(name)",
      isAdministrator: false,
      userID: "AIDA\(name.uppercased())",
      tags: ["team": "core", "Level": "3"]
    )
  }

  static func session(
    of role: String,
    _ name: String,
    account: String = owner,
    policy: String? = nil
  ) -> Principal {
    Principal(
      account: account,
      arn: "arn:aws:sts::\(account):assumed-role/\(role)/\(name)",
      isAdministrator: false,
      kind: .assumedRole,
      identityARN: "arn:aws:iam::\(account):role/\(role)",
      userID: "AROA\(role.uppercased()):\(name)",
      session: PrincipalSession(
        name: name,
        issuedAt: 1_700_000_000,
        expiresAt: 1_700_003_600,
        policy: policy
      )
    )
  }

  static func request(
    _ principal: Principal = user("ada"),
    _ action: String = "codeartifact:ReadFromRepository",
    on resources: String...,
    context: AccessContext = AccessContext()
  ) -> AccessRequest {
    AccessRequest(
      principal: principal,
      action: action,
      resources: resources.isEmpty ? [repository] : resources,
      context: context
    )
  }

  /// A policy of an identity with one statement that allows reading, on a condition.
  static func allowing(
    if condition: String,
    version: String = "2012-10-17"
  ) throws(PolicyFault) -> PolicyDocument {
    try PolicyDocument(
      """
      {"Version":"\(version)","Statement":{"Effect":"Allow","Action":"codeartifact:*",
      "Resource":"*","Condition":\(condition)}}
      """,
      kind: .identity
    )
  }
}
