import Access
import Catalog
import Exchange
import FormatRules
import Repository

extension CodeArtifactAPI {
  func createDomain(_ call: inout Call) async throws(Fault) -> JSONValue {
    let name = call.input.required("domain", member: "domain", .domainName)
    let encryptionKey = call.input.optional(body: "encryptionKey", .arn)
    let tags = call.tags()
    try call.input.finish()
    let domain = DomainPath(owner: call.principal.account, domain: name)
    try await authorize(call, to: .createDomain, on: arn(domain))
    try await authorizeTags(tags, on: arn(domain), by: call)
    let created = try await depotCall { () throws(RepositoryError) in
      try await depot.createDomain(
        owner: domain.owner,
        name: name,
        encryptionKey: encryptionKey,
        tags: tags
      )
    }
    return .members(["domain": description(of: created)])
  }

  func describeDomain(_ call: inout Call) async throws(Fault) -> JSONValue {
    let domain = call.domain()
    try call.input.finish()
    try await authorize(call, to: .describeDomain, on: arn(domain))
    let found = try await depotCall { () throws(RepositoryError) in
      try await depot.describeDomain(owner: domain.owner, name: domain.domain)
    }
    return .members(["domain": description(of: found)])
  }

  func deleteDomain(_ call: inout Call) async throws(Fault) -> JSONValue {
    let domain = call.domain()
    try call.input.finish()
    try await authorize(call, to: .deleteDomain, on: arn(domain))
    let deleted = try await depotCall { () throws(RepositoryError) in
      try await depot.deleteDomain(owner: domain.owner, name: domain.domain)
    }
    return .members(["domain": description(of: deleted)])
  }

  /// Pages through members of the body, alone among the listings.
  func listDomains(_ call: inout Call) async throws(Fault) -> JSONValue {
    let limit = call.input.optional(body: "maxResults", in: 1...1000) ?? 100
    let token = call.input.optional(body: "nextToken", .paginationToken)
    try call.input.finish()
    try await authorize(call, to: .listDomains, on: nil)
    let owner = call.principal.account
    let listing = try await depotCall { () throws(RepositoryError) in
      try await depot.listDomains(owner: owner, limit: Int(limit), token: token)
    }
    return .members([
      "domains": .array(listing.items.map(summary)),
      "nextToken": .text(listing.nextToken),
    ])
  }

  func getAuthorizationToken(_ call: inout Call) async throws(Fault) -> JSONValue {
    let domain = call.domain()
    let seconds = call.input.optional("duration", member: "durationSeconds", in: 0...43_200)
    try call.input.finish()
    call.trail.note(resource: arn(domain))
    let principal = call.principal
    let duration = seconds.map { Duration.seconds($0) } ?? Depot.tokenDurations.upperBound
    try await depotCall { () throws(RepositoryError) in
      try await depot.authorizeToken(
        of: principal,
        for: arn(domain),
        duration: duration,
        context: call.context
      )
    }
    let issued = try await depotCall { () throws(RepositoryError) in
      try await depot.issueToken(
        for: principal,
        owner: domain.owner,
        domain: domain.domain,
        duration: duration
      )
    }
    return .members([
      "authorizationToken": .string(issued.text),
      "expiration": .time(issued.expiresAt),
    ])
  }
}

extension CodeArtifactAPI {
  /// The model's `DomainDescription`.
  private func description(of domain: DomainRecord) -> JSONValue {
    .members([
      "name": .string(domain.name),
      "owner": .string(domain.owner),
      "arn": .string(arn(domain).description),
      "status": .string(domain.status.rawValue),
      "createdTime": .time(domain.createdAt),
      "encryptionKey": .string(domain.encryptionKey),
      "repositoryCount": .integer(domain.repositoryCount),
      "assetSizeBytes": .integer(domain.assetByteCount),
      "s3BucketArn": .string(depot.assetBucketARN(of: domain)),
    ])
  }

  /// The model's `DomainSummary`.
  private func summary(of domain: DomainRecord) -> JSONValue {
    .members([
      "name": .string(domain.name),
      "owner": .string(domain.owner),
      "arn": .string(arn(domain).description),
      "status": .string(domain.status.rawValue),
      "createdTime": .time(domain.createdAt),
      "encryptionKey": .string(domain.encryptionKey),
    ])
  }
}
