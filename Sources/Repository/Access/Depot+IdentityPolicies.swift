internal import Access

extension Depot {
  /// The policies that say what a principal may do, wherever it is.
  func identityPolicies(
    of principal: Principal
  ) async throws(RepositoryError) -> [PolicyDocument] {
    principal.isAdministrator ? [.allowingEverything] : []
  }

  /// The policy that narrows a principal's session; nil where nothing does.
  ///
  /// - Throws: ``RepositoryError`` with `accessDenied` when there is one and it cannot be read:
  ///   nothing is allowed then.
  func sessionPolicy(
    of principal: Principal
  ) throws(RepositoryError) -> PolicyDocument? {
    guard let text = principal.session?.policy else { return nil }
    do {
      return try PolicyDocument(text, kind: .identity)
    } catch {
      throw RepositoryError(
        .accessDenied,
        "The policy of the session \(principal.arn) cannot be read. \(error.message)",
        cause: error
      )
    }
  }
}
