import Access
import Catalog
import FormatRules
import Repository

extension CodeArtifactAPI {
  func getDomainPermissionsPolicy(_ call: inout Call) async throws(Fault) -> JSONValue {
    let domain = call.domain()
    try call.input.finish()
    try await authorize(call, to: .getDomainPermissionsPolicy, on: arn(domain))
    return try await policyReply { () throws(RepositoryError) in
      try await depot.domainPolicy(owner: domain.owner, domain: domain.domain)
    }
  }

  /// Names its domain in the body, alone among the operations.
  func putDomainPermissionsPolicy(_ call: inout Call) async throws(Fault) -> JSONValue {
    let name = call.input.required(body: "domain", .domainName)
    let owner = call.input.optional(body: "domainOwner", .accountID) ?? call.principal.account
    let revision = call.input.optional(body: "policyRevision", .policyRevision)
    let document = call.input.required(body: "policyDocument", .policyDocument)
    try call.input.finish()
    let domain = DomainPath(owner: owner, domain: name)
    try await authorize(call, to: .putDomainPermissionsPolicy, on: arn(domain))
    return try await policyReply { () throws(RepositoryError) in
      try await depot.putDomainPolicy(
        document,
        owner: owner,
        domain: name,
        replacing: revision
      )
    }
  }

  func deleteDomainPermissionsPolicy(_ call: inout Call) async throws(Fault) -> JSONValue {
    let domain = call.domain()
    let revision = call.policyRevision()
    try call.input.finish()
    try await authorize(call, to: .deleteDomainPermissionsPolicy, on: arn(domain))
    return try await policyReply { () throws(RepositoryError) in
      try await depot.deleteDomainPolicy(
        owner: domain.owner,
        domain: domain.domain,
        replacing: revision
      )
    }
  }

  func getRepositoryPermissionsPolicy(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.repository()
    try call.input.finish()
    try await authorize(call, to: .getRepositoryPermissionsPolicy, on: arn(path))
    return try await policyReply { () throws(RepositoryError) in
      try await depot.repositoryPolicy(path)
    }
  }

  func putRepositoryPermissionsPolicy(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.repository()
    let revision = call.input.optional(body: "policyRevision", .policyRevision)
    let document = call.input.required(body: "policyDocument", .policyDocument)
    try call.input.finish()
    try await authorize(call, to: .putRepositoryPermissionsPolicy, on: arn(path))
    return try await policyReply { () throws(RepositoryError) in
      try await depot.putRepositoryPolicy(document, of: path, replacing: revision)
    }
  }

  func deleteRepositoryPermissionsPolicy(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.repository()
    let revision = call.policyRevision()
    try call.input.finish()
    try await authorize(call, to: .deleteRepositoryPermissionsPolicy, on: arn(path))
    return try await policyReply { () throws(RepositoryError) in
      try await depot.deleteRepositoryPolicy(path, replacing: revision)
    }
  }
}

extension CodeArtifactAPI {
  /// The model's `ResourcePolicy`, as the member `policy`.
  private func policyReply(
    _ work: () async throws(RepositoryError) -> ResourcePolicy
  ) async throws(Fault) -> JSONValue {
    let policy = try await depotCall(work)
    return .members([
      "policy": .members([
        "resourceArn": .string(policy.resource.description),
        "revision": .string(policy.record.revision),
        "document": .string(policy.record.document),
      ])
    ])
  }
}

extension Call {
  /// The revision that a deletion is of, which stands in the query.
  fileprivate mutating func policyRevision() -> String? {
    input.optional("policy-revision", member: "policyRevision", .policyRevision)
  }
}
