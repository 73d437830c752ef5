import Access
import Catalog
import Exchange
import FormatRules
import Repository

extension CodeArtifactAPI {
  /// Does what a call about identities asks.
  func perform(_ identities: IdentityCall, _ call: inout Call) async throws(Fault) -> Reply {
    switch identities {
    case .createAccount: .json(try await createAccount(&call))
    case .createKey: .json(try await createKey(&call))
    case .createProvider: .json(try await createProvider(&call))
    case .createRole: .json(try await createRole(&call))
    case .createUser: .json(try await createUser(&call))
    case .deleteKey: .json(try await deleteKey(&call))
    case .deletePolicy: .json(try await deletePolicy(&call))
    case .deleteProvider: .json(try await deleteProvider(&call))
    case .deleteRole, .deleteUser: .json(try await deletePrincipal(identities, &call))
    case .getPolicy: .json(try await getPolicy(&call))
    case .getRole: .json(try await getRole(&call))
    case .listAccounts: .json(try await listAccounts(&call))
    case .listKeys: .json(try await listKeys(&call))
    case .listPolicies: .json(try await listPolicies(&call))
    case .listProviders: .json(try await listProviders(&call))
    case .listRoles: .json(try await listPrincipals(.role, &call))
    case .listTokens: .json(try await listTokens(&call))
    case .listUsers: .json(try await listPrincipals(.user, &call))
    case .putPolicy: .json(try await putPolicy(&call))
    case .revokeTokens: .json(try await revokeTokens(&call))
    case .setKeyStatus: .json(try await setKeyStatus(&call))
    case .setTrustPolicy: .json(try await setTrustPolicy(&call))
    case .whoAmI: .json(try whoAmI(&call))
    }
  }

  private func createAccount(_ call: inout Call) async throws(Fault) -> JSONValue {
    let id = call.input.optional(body: "account", .accountID)
    let name = call.optionalText("name") ?? ""
    try call.input.finish()
    try requireAdministrator(call.principal)
    // An account that is not there yet has no name of its own that a policy could mean.
    let resource = ARN.root(of: id ?? "000000000000")
    try await authorize(call, to: .createAccount, on: resource)
    let new = try await depotCall { () throws(RepositoryError) in
      try await depot.createAccount(id, name: name)
    }
    return .members([
      "account": IdentityReplies.account(new.account),
      "administrator": IdentityReplies.principal(new.user),
      "key": IdentityReplies.key(new.key),
    ])
  }

  private func listAccounts(_ call: inout Call) async throws(Fault) -> JSONValue {
    try call.input.finish()
    let principal = call.principal
    try await authorize(call, to: .listAccounts, on: .root(of: principal.account))
    let accounts = try await depotCall { () throws(RepositoryError) in
      let seesAll = try await depot.isFirst(principal.account) && principal.isAdministrator
      return try await depot.accounts().filter { seesAll || $0.id == principal.account }
    }
    return .members(["accounts": .array(accounts.map(IdentityReplies.account))])
  }

  private func createUser(_ call: inout Call) async throws(Fault) -> JSONValue {
    let account = call.account()
    let name = call.text("user")
    let isAdministrator = call.flag("administrator")
    let tags = call.textsByName("tags")
    call.context.requestTags = tags.mapValues { $0 }
    try call.input.finish()
    let arn = ARN.user(name, account: account)
    try await authorize(call, to: .createUser, on: arn)
    if isAdministrator { try requireAdministrator(call.principal) }
    let user = try await depotCall { () throws(RepositoryError) in
      try await depot.createUser(
        name,
        account: account,
        isAdministrator: isAdministrator,
        tags: tags
      )
    }
    return .members(["user": IdentityReplies.principal(user)])
  }

  private func createRole(_ call: inout Call) async throws(Fault) -> JSONValue {
    let account = call.account()
    let name = call.text("role")
    let trust = call.optionalDocument("trustPolicy")
    let longest = call.input.optional(body: "maxSessionSeconds", in: 3600...43_200) ?? 3600
    let tags = call.textsByName("tags")
    call.context.requestTags = tags.mapValues { $0 }
    if trust == nil { call.input.note("trustPolicy", value: nil, "Member must not be null") }
    try call.input.finish()
    try await authorize(
      call,
      to: .createRole,
      on: .role(name, account: account),
      isRole: true
    )
    let role = try await depotCall { () throws(RepositoryError) in
      try await depot.createRole(
        name,
        account: account,
        trustPolicy: trust ?? "",
        longestSession: longest,
        tags: tags
      )
    }
    return .members(["role": IdentityReplies.principal(role)])
  }

  private func getRole(_ call: inout Call) async throws(Fault) -> JSONValue {
    let arn = call.identity()
    try call.input.finish()
    try await authorize(call, to: .getRole, on: arn, isRole: true)
    let role = try await depotCall { () throws(RepositoryError) in
      try await depot.role(arn.description)
    }
    return .members(["role": IdentityReplies.principal(role)])
  }

  private func setTrustPolicy(_ call: inout Call) async throws(Fault) -> JSONValue {
    let arn = call.identity()
    let trust = call.optionalDocument("trustPolicy")
    if trust == nil { call.input.note("trustPolicy", value: nil, "Member must not be null") }
    try call.input.finish()
    try await authorize(call, to: .setTrustPolicy, on: arn, isRole: true)
    try await depotCall { () throws(RepositoryError) in
      try await depot.setTrustPolicy(trust ?? "", of: arn.description)
    }
    return .object([])
  }

  private func deletePrincipal(
    _ identities: IdentityCall,
    _ call: inout Call
  ) async throws(Fault) -> JSONValue {
    let arn = call.identity()
    try call.input.finish()
    guard arn.isRole == (identities == .deleteRole) else {
      throw .validation("\(arn) is of the other kind.", reason: .fieldValidationFailed)
    }
    try await authorize(call, to: identities, on: arn, isRole: arn.isRole)
    try await requireAdministrator(call.principal, over: arn)
    try await depotCall { () throws(RepositoryError) in
      try await depot.deletePrincipal(arn.description)
    }
    return .object([])
  }

  private func listPrincipals(
    _ kind: PrincipalRecord.Kind,
    _ call: inout Call
  ) async throws(Fault) -> JSONValue {
    let account = call.account()
    try call.input.finish()
    let isRole = kind == .role
    try await authorize(
      call,
      to: isRole ? .listRoles : .listUsers,
      on: .root(of: account)
    )
    let found = try await depotCall { () throws(RepositoryError) in
      try await depot.principals(kind, of: account)
    }
    let replies = JSONValue.array(found.map(IdentityReplies.principal))
    return .object([.init(isRole ? "roles" : "users", replies)])
  }

  private func whoAmI(_ call: inout Call) throws(Fault) -> JSONValue {
    try call.input.finish()
    return IdentityReplies.caller(call.principal)
  }
}
