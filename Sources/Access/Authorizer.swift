/// Decides who may do what.
///
/// The rule: an administrator of an account may do everything to resources of domains that the
/// account owns, and everything that concerns only the account itself. Everyone else, and
/// everything else, is denied. It errs on the side of refusing.
package struct Authorizer: Sendable {
  package init() {}

  /// Returns when `principal` may do `action` to `resource`.
  ///
  /// The resource is nil for what concerns the caller's account as a whole, such as listing its
  /// domains.
  ///
  /// - Throws: ``AccessDenied``, with the sentence AWS uses.
  package func authorize(
    _ principal: Principal,
    to action: Action,
    on resource: ARN?
  ) throws(AccessDenied) {
    guard isAllowed(principal, on: resource) else {
      throw AccessDenied(principal: principal.arn, action: action, resource: resource)
    }
  }

  private func isAllowed(_ principal: Principal, on resource: ARN?) -> Bool {
    guard principal.isAdministrator else { return false }
    guard let resource else { return true }
    return resource.account == principal.account
  }
}

/// A principal may not do what it asked for.
package struct AccessDenied: Error, Hashable {
  package let principal: String
  package let action: Action
  /// Nil for the account as a whole.
  package let resource: ARN?

  /// The standard sentence, which tools match on.
  package var message: String {
    let name = resource.map(\.description) ?? "*"
    return "User: \(principal) is not authorized to perform: \(action.qualifiedName) "
      + "on resource: \(name)"
  }
}
