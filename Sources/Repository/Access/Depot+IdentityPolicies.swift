package import Access
internal import Catalog

extension Depot {
  /// Returns what a caller's own policies say.
  ///
  /// Those of a user or role that was here lately are known from memory: no SQL. A policy that does
  /// not read any more is left out of what allows, and its failure is told: nothing that a damaged
  /// policy denied may pass.
  ///
  /// - Throws: ``RepositoryError`` with `internalFailure` for a policy that cannot be read.
  package func identityPolicies(
    of principal: Principal
  ) async throws(RepositoryError) -> [PolicyDocument] {
    guard let identity = principal.identity else {
      return principal.isAdministrator ? [.allowingEverything] : []
    }
    if let known = credentials.policies(of: identity) { return known }
    let generation = credentials.generation
    let (record, rows) = try await read { snapshot in
      let id = PrincipalID(identity)
      return (try snapshot.principal(id), try snapshot.policies(of: id))
    }
    var policies = try rows.map { row throws(RepositoryError) in try Self.document(of: row) }
    if record?.isAdministrator == true { policies.append(.allowingEverything) }
    credentials.remember(policies, of: identity, since: generation)
    return policies
  }

  /// Returns the policy that narrows a caller's session; nil where there is none.
  ///
  /// Allowed is what both it and ``identityPolicies(of:)`` allow.
  package func sessionPolicy(of principal: Principal) throws(RepositoryError) -> PolicyDocument? {
    guard let text = principal.session?.policy else { return nil }
    return try Self.document(text, named: "the policy of the session \(principal.arn)")
  }

  static func document(
    of row: IdentityPolicyRecord
  ) throws(RepositoryError) -> PolicyDocument {
    guard let text = row.document ?? BuiltInPolicy(rawValue: row.name)?.document else {
      throw RepositoryError(.internalFailure, "There is no built-in policy \(row.name).")
    }
    return try document(text, named: "the policy \(row.name)")
  }

  private static func document(
    _ text: String,
    named name: String
  ) throws(RepositoryError) -> PolicyDocument {
    do {
      return try PolicyDocument(text, kind: .identity)
    } catch {
      throw RepositoryError(
        .internalFailure,
        "\(name) cannot be read: \(error.message)",
        cause: error
      )
    }
  }
}
