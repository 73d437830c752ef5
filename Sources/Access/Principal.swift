/// Who is asking.
package struct Principal: Hashable, Sendable {
  /// What sort of caller a principal is.
  package enum Kind: String, CaseIterable, Sendable {
    /// Nobody in particular: a request without credentials, where a policy lets it in.
    case anonymous
    /// A role, for as long as its temporary credentials last.
    case assumedRole
    /// An account itself.
    case root
    /// A user of an account, with keys of its own or with temporary credentials.
    case user
    /// Whoever an identity provider vouches for, on the way to taking on a role.
    case webIdentity
  }

  /// The account the principal belongs to, twelve digits; `anonymous` for nobody in particular.
  package let account: String
  /// The principal's own name: `arn:aws:iam::123456789012:user/administrator`, or
  /// `arn:aws:sts::123456789012:assumed-role/ci/build-17` for a role's session.
  package let arn: String
  /// Whether the principal may do everything in its account.
  ///
  /// Such a principal has an implied identity policy that allows everything, so that an explicit
  /// deny in a resource's policy still wins.
  package let isAdministrator: Bool
  package let kind: Kind
  /// The key of the user or role in the catalog; nil where there is none behind the principal.
  package let identity: Int64?
  /// The name of the user or role that stands behind the principal: as ``arn``, but for a role's
  /// session that of the role, `arn:aws:iam::123456789012:role/ci`.
  package let identityARN: String
  /// What never names another: the condition key `aws:userid`.
  ///
  /// A user's is its unique id; a role's session has the role's, a colon and the session's name.
  package let userID: String
  /// The tags of the user, or of the role and its session; the condition keys `aws:PrincipalTag/…`.
  package let tags: [String: String]
  /// Goes with temporary credentials.
  package let session: PrincipalSession?
  /// The access key that the caller signed with, or had signed with when it asked for its token.
  package let accessKeyID: String?

  package init(
    account: String,
    arn: String,
    isAdministrator: Bool,
    kind: Kind = .user,
    identity: Int64? = nil,
    identityARN: String? = nil,
    userID: String = "",
    tags: [String: String] = [:],
    session: PrincipalSession? = nil,
    accessKeyID: String? = nil
  ) {
    self.account = account
    self.arn = arn
    self.isAdministrator = isAdministrator
    self.kind = kind
    self.identity = identity
    self.identityARN = identityARN ?? arn
    self.userID = userID
    self.tags = tags
    self.session = session
    self.accessKeyID = accessKeyID
  }

  /// Hashes what tells callers apart well enough; equality looks at everything.
  ///
  /// Every request of a package manager is looked up by its caller, and a session's policy may have
  /// two thousand characters.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(arn)
    hasher.combine(accessKeyID)
  }

  /// Nobody in particular, named as AWS names it.
  package static let anonymous = Principal(
    account: "anonymous",
    arn: "*",
    isAdministrator: false,
    kind: .anonymous,
    userID: "anonymous"
  )
}
