package import Catalog

extension Depot {
  /// Creates a domain, with a key of its own where the depot has master keys.
  ///
  /// - Parameters:
  ///   - owner: the account that is to own it.
  ///   - name: unique among the owner's.
  ///   - encryptionKey: a key's id, alias or full name; nil for the key that the service manages.
  ///   - tags: what it is tagged with from the beginning.
  /// - Returns: the new domain.
  /// - Throws: ``RepositoryError``: `conflict` when the owner has one of this name,
  ///   `quotaExceeded`, `validation` with `encryptionKeyError`.
  package func createDomain(
    owner: String,
    name: String,
    encryptionKey: String? = nil,
    tags: [Tag] = []
  ) async throws(RepositoryError) -> DomainRecord {
    let key = try EncryptionKeyName(encryptionKey, owner: owner, region: options.region).arn
    let tags = try TagRules.checked(
      tags,
      quota: options.quotas.tagsPerResource,
      of: name,
      .domain
    )
    let limit = options.quotas.domainsPerAccount
    let now = clock.now()
    let context = DomainRecord.keyContext(owner: owner, name: name)
    let made = try await scopes.seals ? scopes.makeKey(named: key, context: context) : nil
    let domain = try await write { transaction in
      guard try transaction.domain(owner: owner, name: name) == nil else {
        throw RepositoryError(
          .conflict,
          "Domain already exists. Domain name: \(name), domain owner: \(owner).",
          resourceID: name,
          resourceType: .domain
        )
      }
      guard try transaction.domainCount(owner: owner) < limit else {
        throw RepositoryError(
          .quotaExceeded,
          "Account \(owner) has the \(limit) domains it may have; delete one first.",
          resourceID: name,
          resourceType: .domain
        )
      }
      let created = try transaction.createDomain(
        owner: owner,
        name: name,
        encryptionKey: key,
        at: now
      )
      try transaction.putTags(tags, on: .domain, in: created.id, at: now)
      if let made {
        let wrapped = made.wrapped
        try transaction.insertKey(wrapped.bytes, by: wrapped.master, of: created.id, at: now)
      }
      return created
    }
    if let made { scopes.keep(made.key, of: domain.id) }
    return domain
  }

  package func describeDomain(
    owner: String,
    name: String
  ) async throws(RepositoryError) -> DomainRecord {
    try await read { snapshot in try snapshot.requireDomain(owner: owner, name: name) }
  }

  /// Deletes a domain with its key, and returns its last description: what is left of its blobs
  /// cannot be read from then on.
  ///
  /// - Throws: ``RepositoryError``: `conflict` while it has repositories, `notFound`.
  package func deleteDomain(
    owner: String,
    name: String
  ) async throws(RepositoryError) -> DomainRecord {
    let now = clock.now()
    return try await write { transaction in
      let domain = try transaction.requireDomain(owner: owner, name: name)
      guard domain.repositoryCount == 0 else {
        throw RepositoryError(
          .conflict,
          "Domain \(name) has \(domain.repositoryCount) repositories; delete them first.",
          resourceID: name,
          resourceType: .domain
        )
      }
      return try transaction.deleteDomain(domain.id, at: now)
    }
  }

  /// Lists the domains that an account owns, in order of name.
  package func listDomains(
    owner: String,
    limit: Int = 100,
    token: String? = nil
  ) async throws(RepositoryError) -> Listing<DomainRecord> {
    let scope = ListingScope(["domains", owner], key: keys.paging)
    let start = try token.map { token throws(RepositoryError) in
      try scope.position(token, count: 1)[0]
    }
    let page = try await read { snapshot in
      try snapshot.domains(owner: owner, after: start, limit: limit)
    }
    return Listing(items: page.items, nextToken: page.next.map { scope.token(for: [$0]) })
  }

  /// The name of the bucket that holds a domain's assets, in the form that the service reports;
  /// there is no such bucket.
  package func assetBucketARN(of domain: DomainRecord) -> String {
    "arn:aws:s3:::assets-\(domain.owner)-\(options.region)"
  }
}
