/// The bounds of temporary credentials.
package struct PrincipalSession: Hashable, Sendable {
  /// What whoever assumed a role called the session; nil for a user's own session.
  package let name: String?
  /// When the credentials were made, in seconds since 1970: `aws:TokenIssueTime`.
  package var issuedAt: Int64 { issuedMicroseconds / 1_000_000 }
  /// The same in microseconds, by which it is told whether they were made before sessions were
  /// ended.
  package let issuedMicroseconds: Int64
  /// When they end, in seconds since 1970.
  package let expiresAt: Int64
  /// The text of a policy that narrows what the role may do: allowed is only what both it and the
  /// role's own policies allow.
  package let policy: String?
  /// The full name of the provider whose token the role was assumed with,
  /// `arn:aws:iam::123456789012:oidc-provider/ci.example`: `aws:FederatedProvider`.
  package let federatedProvider: String?
  /// The long-lived key that the session was asked for with, which must stay active.
  package let parentKeyID: String?

  package init(
    name: String?,
    issuedAt: Int64,
    issuedMicroseconds: Int64? = nil,
    expiresAt: Int64,
    policy: String? = nil,
    federatedProvider: String? = nil,
    parentKeyID: String? = nil
  ) {
    self.name = name
    self.issuedMicroseconds = issuedMicroseconds ?? issuedAt * 1_000_000
    self.expiresAt = expiresAt
    self.policy = policy
    self.federatedProvider = federatedProvider
    self.parentKeyID = parentKeyID
  }
}
