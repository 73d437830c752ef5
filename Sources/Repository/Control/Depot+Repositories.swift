package import Catalog

extension Depot {
  /// How many rows one step of clearing away a deleted repository removes: a few milliseconds'
  /// work.
  private static let clearingStep = 500

  /// Creates a repository.
  ///
  /// - Parameters:
  ///   - path: its address to be.
  ///   - administrator: the account that administers it.
  ///   - description: for people.
  ///   - upstreams: names of repositories of the same domain, in order of priority.
  ///   - tags: what it is tagged with from the beginning.
  /// - Returns: the new repository.
  /// - Throws: ``RepositoryError``: `conflict` when there is one of this name, `quotaExceeded`,
  ///   `notFound` for the domain or an upstream, and what ``UpstreamRules`` say.
  package func createRepository(
    _ path: RepositoryPath,
    administrator: String,
    description: String? = nil,
    upstreams: [String] = [],
    tags: [Tag] = []
  ) async throws(RepositoryError) -> RepositoryDescription {
    let now = clock.now()
    let quotas = options.quotas
    let tags = try TagRules.checked(
      tags,
      quota: quotas.tagsPerResource,
      of: path.repository,
      .repository
    )
    return try await write { transaction in
      let domain = try transaction.requireDomain(owner: path.owner, name: path.domain)
      guard try transaction.repository(path.repository, in: domain.id) == nil else {
        throw RepositoryError(
          .conflict,
          "Repository already exists. Repository name: \(path.repository), "
            + "domain name: \(path.domain), domain owner: \(path.owner).",
          resourceID: path.repository,
          resourceType: .repository
        )
      }
      guard domain.repositoryCount < quotas.repositoriesPerDomain else {
        throw RepositoryError(
          .quotaExceeded,
          "Domain \(path.domain) has the \(quotas.repositoriesPerDomain) repositories it may "
            + "have; delete one first.",
          resourceID: path.repository,
          resourceType: .repository
        )
      }
      let rules = UpstreamRules(
        domain: domain,
        repository: nil,
        name: path.repository,
        limit: quotas.upstreamsPerRepository
      )
      let created = try transaction.createRepository(
        in: domain.id,
        name: path.repository,
        administrator: administrator,
        description: description,
        upstreams: rules.resolve(upstreams, transaction),
        at: now
      )
      try transaction.putTags(tags, on: .repository(created.id), in: domain.id, at: now)
      return try transaction.describe(created, in: domain)
    }
  }

  package func describeRepository(
    _ path: RepositoryPath
  ) async throws(RepositoryError) -> RepositoryDescription {
    try await read { snapshot in
      let (repository, domain) = try snapshot.requireRepository(path)
      return try snapshot.describe(repository, in: domain)
    }
  }

  /// Changes a repository's description, its upstreams or both.
  ///
  /// - Parameters:
  ///   - path: which one.
  ///   - description: the new one; nil leaves the old one.
  ///   - upstreams: the whole new list; nil leaves the old one, an empty list clears it.
  /// - Returns: the repository as it is now.
  /// - Throws: ``RepositoryError``: `notFound`, and what ``UpstreamRules`` say.
  package func updateRepository(
    _ path: RepositoryPath,
    description: String? = nil,
    upstreams: [String]? = nil
  ) async throws(RepositoryError) -> RepositoryDescription {
    let now = clock.now()
    let limit = options.quotas.upstreamsPerRepository
    return try await write { transaction in
      let (repository, domain) = try transaction.requireRepository(path)
      let rules = UpstreamRules(
        domain: domain,
        repository: repository,
        name: repository.name,
        limit: limit
      )
      let updated = try transaction.updateRepository(
        repository,
        description: description,
        upstreams: try upstreams.map { try rules.resolve($0, transaction) },
        at: now
      )
      return try transaction.describe(updated, in: domain)
    }
  }

  /// Deletes a repository, whatever it holds and whoever has it as an upstream, and returns its
  /// last description.
  ///
  /// It is gone when this returns; its rows are cleared away in small steps, the first of them now,
  /// so that no other change waits long for a large one.
  package func deleteRepository(
    _ path: RepositoryPath
  ) async throws(RepositoryError) -> RepositoryDescription {
    let now = clock.now()
    let last = try await write { transaction in
      let (repository, domain) = try transaction.requireRepository(path)
      let description = try transaction.describe(repository, in: domain)
      try transaction.deleteRepository(repository, at: now)
      return description
    }
    try await clearDeletedSoon()
    return last
  }

  /// Clears a first step away now, and what is left afterwards.
  func clearDeletedSoon() async throws(RepositoryError) {
    if try await clearDeletedStep() > 0 {
      Task { try await clearDeleted() }
    }
  }

  /// Clears away what is left of deleted repositories, in small steps, until there is nothing.
  ///
  /// To be called when a server starts, because its predecessor may have stopped in the middle.
  package func clearDeleted() async throws(RepositoryError) {
    while try await clearDeletedStep() > 0 {}
  }

  private func clearDeletedStep() async throws(RepositoryError) -> Int {
    try await write { transaction in try transaction.clearDeleted(limit: Self.clearingStep) }
  }

  /// Lists repositories of every domain that an account administers, in order of name.
  package func listRepositories(
    administrator: String,
    prefix: String = "",
    limit: Int = 50,
    token: String? = nil
  ) async throws(RepositoryError) -> Listing<RepositorySummary> {
    let scope = ListingScope(["repositories", administrator, prefix], key: keys.paging)
    let start = try token.map { token throws(RepositoryError) in
      let fields = try scope.position(token, count: 2)
      return RepositoryPosition(name: fields[0], id: RepositoryID(Int64(fields[1]) ?? .max))
    }
    let (items, next) = try await read { snapshot in
      let page = try snapshot.repositories(
        administrator: administrator,
        prefix: prefix,
        after: start,
        limit: limit
      )
      return (try snapshot.summaries(of: page.items), page.next)
    }
    return Listing(
      items: items,
      nextToken: next.map { scope.token(for: [$0.name, String($0.id.rawValue)]) }
    )
  }

  /// Lists repositories of a domain, in order of name.
  package func listRepositoriesInDomain(
    owner: String,
    domain: String,
    administrator: String? = nil,
    prefix: String = "",
    limit: Int = 50,
    token: String? = nil
  ) async throws(RepositoryError) -> Listing<RepositorySummary> {
    let scope = ListingScope(
      ["repositories in domain", owner, domain, administrator, prefix],
      key: keys.paging
    )
    let start = try token.map { token throws(RepositoryError) in
      try scope.position(token, count: 1)[0]
    }
    let (items, next) = try await read { snapshot in
      let domain = try snapshot.requireDomain(owner: owner, name: domain)
      let page = try snapshot.repositories(
        in: domain.id,
        RepositoryFilter(prefix: prefix, administrator: administrator),
        after: start,
        limit: limit
      )
      return (
        page.items.map { RepositorySummary(repository: $0, domain: domain) }, page.next
      )
    }
    return Listing(items: items, nextToken: next.map { scope.token(for: [$0]) })
  }
}

extension CatalogReading {
  fileprivate func summaries(
    of repositories: [RepositoryRecord]
  ) throws -> [RepositorySummary] {
    var domains: [DomainID: DomainRecord] = [:]
    return try repositories.compactMap { repository in
      let domain = try domains[repository.domainID] ?? domain(repository.domainID)
      domains[repository.domainID] = domain
      return domain.map { RepositorySummary(repository: repository, domain: $0) }
    }
  }
}
