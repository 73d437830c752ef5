package import Bytes

/// Someone who may act in the name of an account.
package struct PrincipalRecord: Hashable, Sendable {
  package let id: PrincipalID
  /// The account it belongs to, twelve digits.
  package let account: String
  /// Unique in its account.
  package let name: String
  /// Its full name, such as `arn:aws:iam::123456789012:user/administrator`.
  package let arn: String
  package let isAdministrator: Bool
  package let createdAt: Timestamp
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
}

/// A token, known by its digest only, so that a copy of the catalog holds none that works.
package struct TokenRecord: Hashable, Sendable {
  package let digest: SHA256Digest
  package let principalID: PrincipalID
  /// The one domain it is good for.
  package let domainID: DomainID
  package let createdAt: Timestamp
  package let expiresAt: Timestamp
}
