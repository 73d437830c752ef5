package import Access

extension CallTrail {
  /// Notes who called, and by which key where the principal does not hold it itself.
  package func note(_ principal: Principal, accessKeyID: String? = nil) {
    let caller = CallNotes.Caller(
      account: principal.account,
      arn: principal.arn,
      accessKeyID: accessKeyID ?? principal.accessKeyID,
      id: principal.userID.isEmpty ? nil : principal.userID,
      role: principal.kind == .assumedRole ? principal.identityARN : nil,
      issuedAt: principal.session?.issuedAt
    )
    note { $0.caller = caller }
  }
}
