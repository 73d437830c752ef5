import Access
import Catalog
import FormatRules
import Repository

extension CodeArtifactAPI {
  func createProvider(_ call: inout Call) async throws(Fault) -> JSONValue {
    let account = call.account()
    let issuer = call.text("issuer")
    let audiences = call.texts("audiences")
    let keyAddress = call.optionalText("keyAddress")
    let keySet = call.keySet()
    try call.input.finish()
    try await authorize(
      call,
      to: .createProvider,
      on: .provider(issuer, account: account)
    )
    let provider = try await depotCall { () throws(RepositoryError) in
      try await depot.createProvider(
        issuer,
        account: account,
        audiences: audiences,
        keyAddress: keyAddress,
        keySet: keySet
      )
    }
    return .members(["provider": IdentityReplies.provider(provider)])
  }

  func listProviders(_ call: inout Call) async throws(Fault) -> JSONValue {
    let account = call.account()
    try call.input.finish()
    try await authorize(call, to: .listProviders, on: .root(of: account))
    let providers = try await depotCall { () throws(RepositoryError) in
      try await depot.providers(of: account)
    }
    return .members(["providers": .array(providers.map(IdentityReplies.provider))])
  }

  func deleteProvider(_ call: inout Call) async throws(Fault) -> JSONValue {
    let account = call.account()
    let issuer = call.text("issuer")
    try call.input.finish()
    try await authorize(
      call,
      to: .deleteProvider,
      on: .provider(issuer, account: account)
    )
    try await depotCall { () throws(RepositoryError) in
      try await depot.deleteProvider(issuer, account: account)
    }
    return .object([])
  }

  func listTokens(_ call: inout Call) async throws(Fault) -> JSONValue {
    let (question, resource) = call.tokens()
    try call.input.finish()
    try await authorize(call, to: .listTokens, on: resource)
    let tokens = try await depotCall { () throws(RepositoryError) in
      try await depot.tokens(question)
    }
    return .members(["tokens": .array(tokens.map(IdentityReplies.token))])
  }

  func revokeTokens(_ call: inout Call) async throws(Fault) -> JSONValue {
    let (question, resource) = call.tokens()
    if case .account = question {
      call.input.note("principal", value: nil, "Either principal, user, role or domain is needed")
    }
    try call.input.finish()
    try await authorize(call, to: .revokeTokens, on: resource)
    if case .principal = question {
      try await requireAdministrator(call.principal, over: resource)
    }
    let count = try await depotCall { () throws(RepositoryError) in
      switch question {
      case .account: 0
      case .domain(let owner, let name):
        try await depot.revokeTokens(ofDomain: name, owner: owner)
      case .principal(let arn): try await depot.revokeTokens(ofPrincipal: arn)
      }
    }
    return .members(["revoked": .integer(Int64(count))])
  }
}

extension Call {
  /// A provider's keys: their public halves, which may be kept and shown.
  fileprivate mutating func keySet() -> String? {
    guard let text = optionalDocument("keySet") else { return nil }
    let keys = (try? JSONReader.read(Array(text.utf8)))?["keys"]?.array
    guard let keys, keys.allSatisfy({ $0.members != nil }) else {
      input.note("keySet", value: nil, "Member must be a JSON Web Key Set (RFC 7517 section 5)")
      return nil
    }
    // RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1.
    let secrets = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]
    if keys.contains(where: { key in secrets.contains { key[$0] != nil } }) {
      input.note("keySet", value: nil, "Member must have no private or secret key in it")
    }
    return text
  }

  /// Whose tokens, and what a policy must allow something to be done with.
  ///
  /// Those of a domain are the affair of the domain's owner, whosever they are.
  fileprivate mutating func tokens() -> (TokenQuestion, ARN) {
    let account = account()
    if let domain = optionalText("domain") {
      return (.domain(owner: account, name: domain), .root(of: account))
    }
    if input.wholeBody["principal"] ?? input.wholeBody["user"] ?? input.wholeBody["role"] != nil {
      let arn = identity()
      return (.principal(arn.description), arn)
    }
    return (.account(account), .root(of: account))
  }
}
