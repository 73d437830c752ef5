import Access
import Catalog
import FormatRules
import Repository

extension CodeArtifactAPI {
  func createKey(_ call: inout Call) async throws(Fault) -> JSONValue {
    let arn = call.identity()
    try call.input.finish()
    try await authorize(call, to: .createKey, on: arn)
    try await requireAdministrator(call.principal, over: arn)
    let key = try await depotCall { () throws(RepositoryError) in
      try await depot.createAccessKey(of: arn.description)
    }
    return .members(["key": IdentityReplies.key(key)])
  }

  func listKeys(_ call: inout Call) async throws(Fault) -> JSONValue {
    let arn = call.identity()
    try call.input.finish()
    try await authorize(call, to: .listKeys, on: arn)
    let keys = try await depotCall { () throws(RepositoryError) in
      try await depot.accessKeys(of: arn.description)
    }
    return .members(["keys": .array(keys.map(IdentityReplies.key))])
  }

  func setKeyStatus(_ call: inout Call) async throws(Fault) -> JSONValue {
    let id = call.text("key")
    let isActive = call.flag("active")
    try call.input.finish()
    let owner = try await owner(ofKey: id)
    try await authorize(call, to: .setKeyStatus, on: owner)
    try await requireAdministrator(call.principal, over: owner)
    _ = try await depotCall { () throws(RepositoryError) in
      try await depot.setStatus(isActive ? .active : .inactive, ofAccessKey: id)
    }
    return .object([])
  }

  func deleteKey(_ call: inout Call) async throws(Fault) -> JSONValue {
    let id = call.text("key")
    try call.input.finish()
    let owner = try await owner(ofKey: id)
    try await authorize(call, to: .deleteKey, on: owner)
    try await requireAdministrator(call.principal, over: owner)
    _ = try await depotCall { () throws(RepositoryError) in
      try await depot.deleteAccessKey(id)
    }
    return .object([])
  }

  func putPolicy(_ call: inout Call) async throws(Fault) -> JSONValue {
    let arn = call.identity()
    let name = call.text("name")
    let document = call.optionalDocument("document")
    try call.input.finish()
    try await authorize(call, to: .putPolicy, on: arn, isRole: arn.isRole)
    try await requireAdministrator(call.principal, over: arn)
    try await depotCall { () throws(RepositoryError) in
      try await depot.putPolicy(name, document: document, of: arn.description)
    }
    return .object([])
  }

  func getPolicy(_ call: inout Call) async throws(Fault) -> JSONValue {
    let arn = call.identity()
    let name = call.text("name")
    try call.input.finish()
    try await authorize(call, to: .getPolicy, on: arn, isRole: arn.isRole)
    let document = try await depotCall { () throws(RepositoryError) in
      try await depot.policy(name, of: arn.description)
    }
    return .members(["name": .string(name), "document": .string(document)])
  }

  func listPolicies(_ call: inout Call) async throws(Fault) -> JSONValue {
    let arn = call.identity()
    try call.input.finish()
    try await authorize(call, to: .listPolicies, on: arn, isRole: arn.isRole)
    let policies = try await depotCall { () throws(RepositoryError) in
      try await depot.policies(of: arn.description)
    }
    return .members(["policies": .array(policies.map(IdentityReplies.policy))])
  }

  func deletePolicy(_ call: inout Call) async throws(Fault) -> JSONValue {
    let arn = call.identity()
    let name = call.text("name")
    try call.input.finish()
    try await authorize(call, to: .deletePolicy, on: arn, isRole: arn.isRole)
    try await requireAdministrator(call.principal, over: arn)
    try await depotCall { () throws(RepositoryError) in
      try await depot.deletePolicy(name, of: arn.description)
    }
    return .object([])
  }

  /// Whoever has an administrator's key is one: nobody else touches them, whatever a policy says.
  func requireAdministrator(
    _ principal: Principal,
    over arn: ARN
  ) async throws(Fault) {
    let record = try await depotCall { () throws(RepositoryError) in
      try await depot.principal(arn: arn.description)
    }
    if record?.isAdministrator == true { try requireAdministrator(principal) }
  }

  private func owner(ofKey id: String) async throws(Fault) -> ARN {
    let owner = try await depotCall { () throws(RepositoryError) in
      try await depot.owner(ofAccessKey: id)
    }
    guard let arn = owner.flatMap({ ARN($0.arn) }) else {
      throw Fault(RepositoryError(.notFound, "There is no access key \(id)."))
    }
    return arn
  }
}
