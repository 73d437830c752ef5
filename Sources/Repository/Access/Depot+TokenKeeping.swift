internal import Access
internal import Bytes
package import Catalog

/// Which tokens of package managers are meant.
package enum TokenQuestion: Hashable, Sendable {
  /// Those of an account's users and roles.
  case account(String)
  case domain(owner: String, name: String)
  /// Those of a user or role, by its full name.
  case principal(String)
}

extension Depot {
  /// How many tokens a listing shows.
  package static let tokenListingLimit = 1000

  /// Returns the tokens that are good still, oldest first, at most ``tokenListingLimit``.
  package func tokens(
    _ question: TokenQuestion
  ) async throws(RepositoryError) -> [ListedToken] {
    let now = clock.now()
    return try await read { snapshot in
      let selection: TokenSelection =
        switch question {
        case .account(let id): .account(id)
        case .domain(let owner, let name):
          .domain(try snapshot.requireDomain(owner: owner, name: name).id)
        case .principal(let arn): .principal(try snapshot.requirePrincipal(arn).id)
        }
      return try snapshot.tokens(selection, at: now, limit: Self.tokenListingLimit)
    }
  }

  /// Takes back all tokens of a user or role and ends its sessions; returns how many tokens there
  /// were.
  package func revokeTokens(ofPrincipal arn: String) async throws(RepositoryError) -> Int {
    let now = clock.now()
    return try await changeIdentities { transaction in
      let principal = try transaction.requirePrincipal(arn)
      try transaction.endSessions(of: principal.id, at: now)
      return try transaction.deleteTokens(of: principal.id)
    }
  }

  /// Takes back all tokens of a domain; returns how many there were.
  package func revokeTokens(
    ofDomain name: String,
    owner: String
  ) async throws(RepositoryError) -> Int {
    try await changeIdentities { transaction in
      try transaction.deleteTokens(of: transaction.requireDomain(owner: owner, name: name).id)
    }
  }
}
