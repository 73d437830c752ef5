import Access
import FormatRules
import HTTPTypes
import Repository

extension CodeArtifactAPI {
  /// Returns when the caller may manage `resource` of `account`.
  ///
  /// Its own policies decide, and those of its session. Other accounts are for administrators of
  /// the first account alone, whatever a policy says.
  func authorize(
    _ call: Call,
    to identities: IdentityCall,
    on resource: ARN,
    isRole: Bool = false
  ) async throws(Fault) {
    call.trail.note(resource: resource)
    guard let action = identities.action(isRole: isRole) else { return }
    let principal = call.principal
    let request = AccessRequest(
      principal: principal,
      action: action,
      resources: [resource.description],
      context: call.context
    )
    let isAllowed = try await depotCall { () throws(RepositoryError) in
      guard try await mayManage(principal, resource.account) else { return false }
      return try await depot.allows(request)
    }
    guard isAllowed else {
      throw Fault(
        status: .forbidden,
        exception: "AccessDeniedException",
        message: "User: \(principal.arn) is not authorized to perform: \(action) "
          + "on resource: \(resource)"
      )
    }
  }

  private func mayManage(
    _ principal: Principal,
    _ account: String
  ) async throws(RepositoryError) -> Bool {
    if principal.account == account { return true }
    guard principal.isAdministrator else { return false }
    return try await depot.isFirst(principal.account)
  }

  /// Returns when the caller is an administrator itself: nobody makes another what he is not.
  func requireAdministrator(_ principal: Principal) throws(Fault) {
    guard principal.isAdministrator else {
      throw Fault(
        status: .forbidden,
        exception: "AccessDeniedException",
        message: "User: \(principal.arn) is no administrator, and only one makes another."
      )
    }
  }
}
