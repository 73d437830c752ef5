internal import Access
internal import Catalog

extension Principal {
  /// A user with a key of its own.
  init(_ record: PrincipalRecord, key: String? = nil) {
    self.init(
      account: record.account,
      arn: record.arn,
      isAdministrator: record.isAdministrator,
      kind: record.kind == .user ? .user : .assumedRole,
      identity: record.id.rawValue,
      userID: record.uniqueID,
      tags: record.tags,
      accessKeyID: key
    )
  }

  /// A user or role in a session.
  init(_ record: PrincipalRecord, in claims: SessionClaims) {
    let isRole = record.kind == .role
    let name = claims.name ?? ""
    let arn =
      isRole
      ? ARN.assumedRole(record.name, session: name, account: record.account).description
      : record.arn
    self.init(
      account: record.account,
      arn: arn,
      isAdministrator: record.isAdministrator,
      kind: isRole ? .assumedRole : .user,
      identity: record.id.rawValue,
      identityARN: record.arn,
      userID: isRole ? "\(record.uniqueID):\(name)" : record.uniqueID,
      tags: record.tags.merging(claims.tags) { _, ofSession in ofSession },
      session: claims.session,
      accessKeyID: claims.keyID
    )
  }
}
