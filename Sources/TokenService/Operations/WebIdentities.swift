import Access
import Catalog
import Repository

extension TokenService {
  /// `AssumeRoleWithWebIdentity`: whoever has a token of a provider that the role's account
  /// believes takes on a role that trusts what the token says.
  ///
  /// Nothing is told of roles and accounts to who has no such token.
  func assumeWithWebIdentity(
    _ input: inout TokenInput,
    _ context: AccessContext
  ) async throws(TokenFault) -> TokenResult {
    let arn = try input.required("RoleArn", 20...2048)
    let name = try input.sessionName()
    let seconds = try input.seconds(900...43_200, default: Self.standardSeconds)
    let policy = try sessionPolicy(input)
    let text = try input.required("WebIdentityToken", 4...20_000)
    try input.refuse("PolicyArns", "ProviderId")
    let account = ARN(arn)?.account ?? ""
    let (token, provider) = try await proved(text, in: account)
    let providerARN = ARN.provider(provider.issuer, account: account).description
    let prefix = providerARN.split(separator: "/", maxSplits: 1).last.map(String.init) ?? ""
    var context = context.adding("sts:RoleSessionName", name)
      .adding("\(prefix):sub", token.subject)
      .adding("\(prefix):aud", token.audience)
    for method in token.methods { context = context.adding("\(prefix):amr", method) }
    let stranger = Principal(
      account: account,
      arn: providerARN,
      isAdministrator: false,
      kind: .webIdentity,
      userID: "\(provider.issuer):\(token.audience):\(token.subject)",
      session: PrincipalSession(
        name: nil,
        issuedAt: token.issuedAt,
        expiresAt: token.expiresAt,
        federatedProvider: providerARN
      )
    )
    let request = AccessRequest(
      principal: stranger,
      action: "sts:AssumeRoleWithWebIdentity",
      resources: [arn],
      context: context
    )
    guard let role = try await role(arn), try trust(in: role).verdict(on: request) == .allowed
    else {
      throw .denied("Not authorized to perform sts:AssumeRoleWithWebIdentity")
    }
    try Self.check(seconds, of: role)
    var wish = SessionWish(name: name, duration: seconds)
    wish.policy = policy
    wish.provider = providerARN
    var result = try Self.result(of: issue(wish, of: role))
    result.add("SubjectFromWebIdentityToken", token.subject)
    result.add("Provider", provider.issuer)
    result.add("Audience", token.audience)
    return result
  }

  /// Proves a token: a provider of the account signed it, for one of the provider's audiences, and
  /// now is its time.
  private func proved(
    _ text: String,
    in account: String
  ) async throws(TokenFault) -> (ProvedIdentity, OIDCProviderRecord) {
    guard let token = SignedToken(text) else {
      throw .badToken(
        "The ID Token provided is not a valid JWT. (You may see this error if you "
          + "sent an Access Token)"
      )
    }
    let issuer = token.issuer.hasSuffix("/") ? String(token.issuer.dropLast()) : token.issuer
    let providers = try await depotCall { () throws(RepositoryError) in
      try await depot.providers(of: account)
    }
    guard let provider = providers.first(where: { $0.issuer == issuer }) else {
      throw .badToken("No OpenIDConnect provider found in your account for \(token.issuer)")
    }
    let keys = try await keySets.keys(of: provider, named: token.keyID)
    guard keys.contains(where: { $0.signed(token) }) else {
      throw .badToken(
        "Couldn't retrieve verification key from your identity provider, or the "
          + "token's signature is not that key's"
      )
    }
    let now = depot.clock.now().microseconds / 1_000_000
    return (try token.identity(for: provider.audiences, at: now), provider)
  }
}
