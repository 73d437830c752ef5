import Access
import Catalog
import Exchange
import FormatRules
import Repository

extension CodeArtifactAPI {
  func createRepository(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.repository()
    let description = call.input.optional(body: "description", .description)
    let upstreams = call.upstreams() ?? []
    let tags = call.tags()
    try call.input.finish()
    try await authorize(call, to: .createRepository, on: arn(path))
    try await authorizeTags(tags, on: arn(path), by: call)
    try await authorizeUse(of: upstreams, below: path, by: call)
    let administrator = call.principal.account
    let created = try await depotCall { () throws(RepositoryError) in
      try await depot.createRepository(
        path,
        administrator: administrator,
        description: description,
        upstreams: upstreams,
        tags: tags
      )
    }
    return reply(created)
  }

  func describeRepository(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.repository()
    try call.input.finish()
    try await authorize(call, to: .describeRepository, on: arn(path))
    let found = try await depotCall { () throws(RepositoryError) in
      try await depot.describeRepository(path)
    }
    return reply(found)
  }

  /// Replaces the list of upstreams whole when one is given, and leaves it alone otherwise.
  func updateRepository(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.repository()
    let description = call.input.optional(body: "description", .description)
    let upstreams = call.upstreams()
    try call.input.finish()
    try await authorize(call, to: .updateRepository, on: arn(path))
    try await authorizeUse(of: upstreams ?? [], below: path, by: call)
    let updated = try await depotCall { () throws(RepositoryError) in
      try await depot.updateRepository(path, description: description, upstreams: upstreams)
    }
    return reply(updated)
  }

  func deleteRepository(_ call: inout Call) async throws(Fault) -> JSONValue {
    let path = call.repository()
    try call.input.finish()
    try await authorize(call, to: .deleteRepository, on: arn(path))
    let deleted = try await depotCall { () throws(RepositoryError) in
      try await depot.deleteRepository(path)
    }
    return reply(deleted)
  }

  /// Lists what the caller's account administers, whatever the domain.
  func listRepositories(_ call: inout Call) async throws(Fault) -> JSONValue {
    let prefix = call.repositoryPrefix()
    let page = call.page(default: 50)
    try call.input.finish()
    try await authorize(call, to: .listRepositories, on: nil)
    let administrator = call.principal.account
    let listing = try await depotCall { () throws(RepositoryError) in
      try await depot.listRepositories(
        administrator: administrator,
        prefix: prefix,
        limit: page.limit,
        token: page.token
      )
    }
    return reply(listing)
  }

  func listRepositoriesInDomain(_ call: inout Call) async throws(Fault) -> JSONValue {
    let domain = call.domain()
    let administrator = call.input.optional(
      "administrator-account",
      member: "administratorAccount",
      .accountID
    )
    let prefix = call.repositoryPrefix()
    let page = call.page(default: 50)
    try call.input.finish()
    try await authorize(call, to: .listRepositoriesInDomain, on: arn(domain))
    let listing = try await depotCall { () throws(RepositoryError) in
      try await depot.listRepositoriesInDomain(
        owner: domain.owner,
        domain: domain.domain,
        administrator: administrator,
        prefix: prefix,
        limit: page.limit,
        token: page.token
      )
    }
    return reply(listing)
  }

  /// Whoever names an upstream must be allowed to use it as one.
  private func authorizeUse(
    of upstreams: [String],
    below path: RepositoryPath,
    by call: Call
  ) async throws(Fault) {
    for name in upstreams {
      let upstream = RepositoryPath(owner: path.owner, domain: path.domain, repository: name)
      try await authorize(call, to: .associateWithDownstreamRepository, on: arn(upstream))
    }
  }
}

extension Call {
  /// The names of the upstreams given; nil when there is no list, which is not an empty one.
  fileprivate mutating func upstreams() -> [String]? {
    guard let list = input.objects(body: "upstreams") else { return nil }
    var names: [String] = []
    for (index, upstream) in list.enumerated() {
      let path = "upstreams.\(index + 1).member"
      names.append(input.required("repositoryName", of: upstream, path: path, .repositoryName))
    }
    return names
  }

  fileprivate mutating func repositoryPrefix() -> String {
    input.optional("repository-prefix", member: "repositoryPrefix", .repositoryName) ?? ""
  }
}

extension CodeArtifactAPI {
  func reply(_ repository: RepositoryDescription) -> JSONValue {
    .members(["repository": description(of: repository)])
  }

  private func reply(_ listing: Listing<RepositorySummary>) -> JSONValue {
    .members([
      "repositories": .array(
        listing.items.map { .object(members($0.repository, in: $0.domain)) }
      ),
      "nextToken": .text(listing.nextToken),
    ])
  }

  /// The model's `RepositoryDescription`: the summary, and where the repository looks next.
  private func description(of found: RepositoryDescription) -> JSONValue {
    let upstreams = found.upstreams.map { name in
      JSONValue.members(["repositoryName": .string(name)])
    }
    let connections = found.externalConnections.map { connection in
      JSONValue.members([
        "externalConnectionName": .string(connection.rawValue),
        "packageFormat": .string(connection.format.rawValue),
        "status": .string("Available"),
      ])
    }
    return .object(
      members(found.repository, in: found.domain) + [
        .init("upstreams", .array(upstreams)),
        .init("externalConnections", .array(connections)),
      ]
    )
  }

  /// The members of the model's `RepositorySummary`.
  private func members(
    _ repository: RepositoryRecord,
    in domain: DomainRecord
  ) -> [JSONValue.Member] {
    let path = RepositoryPath(
      owner: domain.owner,
      domain: domain.name,
      repository: repository.name
    )
    let summary = JSONValue.members([
      "name": .string(repository.name),
      "administratorAccount": .string(repository.administrator),
      "domainName": .string(domain.name),
      "domainOwner": .string(domain.owner),
      "arn": .string(arn(path).description),
      "description": .text(repository.description),
      "createdTime": .time(repository.createdAt),
    ])
    return summary.members ?? []
  }
}
