package import Catalog

extension Depot {
  /// How many identity providers an account may have, as in IAM.
  private static let providersPerAccount = 100
  private static let audiencesPerProvider = 100

  /// Has an account believe the tokens of an issuer.
  ///
  /// Its keys are those of `keySet`, or found at `keyAddress`, or asked of the issuer itself.
  ///
  /// - Throws: ``RepositoryError``: `conflict` when it does, `validation`, `quotaExceeded`.
  package func createProvider(
    _ issuer: String,
    account: String,
    audiences: [String],
    keyAddress: String? = nil,
    keySet: String? = nil
  ) async throws(RepositoryError) -> OIDCProviderRecord {
    try Self.checkAddress(issuer, "An issuer")
    if let keyAddress { try Self.checkAddress(keyAddress, "The address of keys") }
    guard (1...Self.audiencesPerProvider).contains(audiences.count),
      audiences.allSatisfy({ (1...255).contains($0.utf8.count) })
    else {
      throw .refused(
        "A provider has 1 to \(Self.audiencesPerProvider) audiences of 1 to 255 bytes each."
      )
    }
    let provider = OIDCProviderRecord(
      account: account,
      issuer: issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer,
      audiences: audiences,
      keyAddress: keyAddress,
      keySet: keySet,
      createdAt: clock.now()
    )
    try await write { transaction in
      guard try transaction.accountRecord(account) != nil else {
        throw RepositoryError(.notFound, "There is no account \(account).")
      }
      guard try transaction.provider(provider.issuer, of: account) == nil else {
        throw RepositoryError(
          .conflict,
          "Account \(account) has the provider \(provider.issuer) already."
        )
      }
      guard try transaction.providers(of: account).count < Self.providersPerAccount else {
        throw RepositoryError(
          .quotaExceeded,
          "Account \(account) has the \(Self.providersPerAccount) providers it may have."
        )
      }
      try transaction.createProvider(provider)
    }
    return provider
  }

  package func providers(
    of account: String
  ) async throws(RepositoryError) -> [OIDCProviderRecord] {
    try await read { snapshot in try snapshot.providers(of: account) }
  }

  package func deleteProvider(
    _ issuer: String,
    account: String
  ) async throws(RepositoryError) {
    let issuer = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
    try await write { transaction in
      guard try transaction.deleteProvider(issuer, of: account) else {
        throw RepositoryError(.notFound, "Account \(account) has no provider \(issuer).")
      }
    }
  }

  /// An address whose owner is proved: https, or this machine's own.
  private static func checkAddress(_ text: String, _ what: String) throws(RepositoryError) {
    let isLocal = ["http://127.0.0.1", "http://localhost", "http://[::1]"].contains { own in
      guard text.hasPrefix(own) else { return false }
      return [nil, ":", "/"].contains(text.dropFirst(own.count).first)
    }
    let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) } && text.utf8.count <= 255
    guard isPlain, isLocal || text.hasPrefix("https://") && text.utf8.count > 8,
      !text.contains("?"), !text.contains("#"), !text.contains("@")
    else {
      throw .refused(
        "\(what) is an https address (http for this machine's own) of at most 255 characters "
          + "without query, not '\(text.prefix(200))'."
      )
    }
  }
}
