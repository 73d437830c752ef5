package import Bytes

/// An account: what owns domains, and what users and roles belong to.
package struct AccountRecord: Hashable, Sendable {
  /// Twelve digits.
  package let id: String
  /// What people call it; may be empty.
  package let name: String
  /// Whether it came with the installation, whose administrators look after all accounts.
  package let isFirst: Bool
  package let createdAt: Timestamp

  init(id: String, name: String, isFirst: Bool, createdAt: Timestamp) {
    self.id = id
    self.name = name
    self.isFirst = isFirst
    self.createdAt = createdAt
  }
}

/// Someone who may act in the name of an account: a user or a role.
package struct PrincipalRecord: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    /// Whoever has one of the user's access keys.
    case user
    /// Whoever the role's trust policy lets take it on, for a while.
    case role
  }

  package let id: PrincipalID
  /// The account it belongs to, twelve digits.
  package let account: String
  package let kind: Kind
  /// Unique among the users or among the roles of its account.
  package let name: String
  /// Its full name, such as `arn:aws:iam::123456789012:user/administrator`.
  package let arn: String
  /// Never given to another, even one of the same name.
  package let uniqueID: String
  package let isAdministrator: Bool
  package let createdAt: Timestamp
  package let tags: [String: String]
  /// Who may take on a role: the text of a policy; nil for users.
  package let trustPolicy: String?
  /// The longest session of a role, in seconds.
  package let longestSession: Int64
  /// Temporary credentials made before are good for nothing.
  package let sessionsSince: Timestamp
}

/// What a new principal is made of.
package struct NewPrincipal: Hashable, Sendable {
  package var account: String
  package var kind: PrincipalRecord.Kind
  package var name: String
  package var arn: String
  package var uniqueID: String
  package var isAdministrator: Bool
  package var tags: [String: String]
  package var trustPolicy: String?
  package var longestSession: Int64

  package init(
    account: String,
    kind: PrincipalRecord.Kind = .user,
    name: String,
    arn: String,
    uniqueID: String,
    isAdministrator: Bool = false,
    tags: [String: String] = [:],
    trustPolicy: String? = nil,
    longestSession: Int64 = 3600
  ) {
    self.account = account
    self.kind = kind
    self.name = name
    self.arn = arn
    self.uniqueID = uniqueID
    self.isAdministrator = isAdministrator
    self.tags = tags
    self.trustPolicy = trustPolicy
    self.longestSession = longestSession
  }
}

/// A key that requests are signed with.
///
/// The secret is sealed by whoever holds the master key.
package struct AccessKeyRecord: Hashable, Sendable {
  package enum Status: String, CaseIterable, Sendable {
    case active = "Active"
    case inactive = "Inactive"
  }

  package let id: String
  package let principalID: PrincipalID
  package let sealedSecret: [UInt8]
  package let status: Status
  package let createdAt: Timestamp
  /// Nil before the first use; right to a quarter of an hour.
  package let lastUsedAt: Timestamp?
  /// The service that the last noted use was of.
  package let lastUsedService: String?
}

/// A token, known by its digest only, so that a copy of the catalog holds none that works.
package struct TokenRecord: Hashable, Sendable {
  package let digest: SHA256Digest
  package let principalID: PrincipalID
  /// The one domain it is good for.
  package let domainID: DomainID
  package let createdAt: Timestamp
  package let expiresAt: Timestamp
  /// The key that whoever asked for it had signed with.
  ///
  /// The token is good for nothing while the key may not sign. Nil for one that came by temporary
  /// credentials of a role.
  package let accessKeyID: String?
  /// The session that asked for it, as the repository layer writes it; nil for a user with a key.
  package let session: String?
}

/// A token as a listing shows it: whose it is and for what.
package struct ListedToken: Hashable, Sendable {
  package let token: TokenRecord
  /// The full name of the user or role.
  package let principal: String
  package let domain: String
  package let domainOwner: String
}

/// What a user or role may do: a policy of its own, or one that every installation has.
package struct IdentityPolicyRecord: Hashable, Sendable {
  package let principalID: PrincipalID
  /// Unique among the principal's.
  package let name: String
  /// The policy's text; nil for the built-in one of this name.
  package let document: String?
  package let changedAt: Timestamp
}

/// Somebody whose tokens may be exchanged for the temporary credentials of a role.
package struct OIDCProviderRecord: Hashable, Sendable {
  package let account: String
  /// An https address, or an http one of this machine, without a slash at its end.
  package let issuer: String
  /// For whom a token must be made.
  package let audiences: [String]
  /// Where its keys are; nil to ask the issuer.
  package let keyAddress: String?
  /// Its keys as an RFC 7517 set; nil to fetch them.
  package let keySet: String?
  package let createdAt: Timestamp

  package init(
    account: String,
    issuer: String,
    audiences: [String],
    keyAddress: String? = nil,
    keySet: String? = nil,
    createdAt: Timestamp
  ) {
    self.account = account
    self.issuer = issuer
    self.audiences = audiences
    self.keyAddress = keyAddress
    self.keySet = keySet
    self.createdAt = createdAt
  }
}
