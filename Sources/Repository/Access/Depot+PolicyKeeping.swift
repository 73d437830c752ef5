internal import Access
package import Catalog

extension Depot {
  /// Gives a user or role a policy, in place of one of the same name.
  ///
  /// - Parameters:
  ///   - name: unique among the principal's policies.
  ///   - document: the policy; nil attaches the built-in policy of that name.
  ///   - arn: who gets it.
  /// - Throws: ``RepositoryError``: `validation` for a policy that cannot be read, with the place;
  ///   `notFound`, `quotaExceeded`.
  package func putPolicy(
    _ name: String,
    document: String?,
    of arn: String
  ) async throws(RepositoryError) {
    try IdentityRules.checkName(name, "A policy's name", upTo: 128)
    if let document {
      guard BuiltInPolicy(rawValue: name) == nil else {
        throw .refused("\(name) is the name of a built-in policy; give yours another.")
      }
      try IdentityRules.check(document, .identity)
    } else if BuiltInPolicy(rawValue: name) == nil {
      let names = BuiltInPolicy.allCases.map(\.rawValue).joined(separator: ", ")
      throw .refused("There is no built-in policy \(name); there are \(names).")
    }
    let now = clock.now()
    try await changeIdentities { transaction in
      let principal = try transaction.requirePrincipal(arn)
      let others = try transaction.policies(of: principal.id).count { $0.name != name }
      guard others < IdentityRules.policiesPerPrincipal else {
        throw RepositoryError(
          .quotaExceeded,
          "\(arn) has the \(IdentityRules.policiesPerPrincipal) policies it may have."
        )
      }
      try transaction.putPolicy(name, document: document, of: principal.id, at: now)
    }
  }

  /// Returns the policies of a user or role, in order of name.
  package func policies(of arn: String) async throws(RepositoryError) -> [IdentityPolicyRecord] {
    try await read { snapshot in try snapshot.policies(of: snapshot.requirePrincipal(arn).id) }
  }

  /// Returns the text of a policy of a user or role.
  package func policy(_ name: String, of arn: String) async throws(RepositoryError) -> String {
    let found = try await read { snapshot in
      try snapshot.policy(name, of: snapshot.requirePrincipal(arn).id)
    }
    guard let found else { throw .noPolicy(name, of: arn) }
    return found.document ?? BuiltInPolicy(rawValue: name)?.document ?? ""
  }

  package func deletePolicy(_ name: String, of arn: String) async throws(RepositoryError) {
    try await changeIdentities { transaction in
      let principal = try transaction.requirePrincipal(arn)
      guard try transaction.deletePolicy(name, of: principal.id) else {
        throw RepositoryError.noPolicy(name, of: arn)
      }
    }
  }
}

extension RepositoryError {
  fileprivate static func noPolicy(_ name: String, of arn: String) -> RepositoryError {
    RepositoryError(.notFound, "\(arn) has no policy \(name).")
  }
}
