package import Access
package import Catalog

/// A policy as it stands with a domain or a repository.
package struct ResourcePolicy: Hashable, Sendable {
  package let resource: ARN
  package let record: PolicyRecord
}

extension Depot {
  /// Returns the policy of a domain.
  ///
  /// - Throws: ``RepositoryError`` with `notFound` for the domain or its policy.
  package func domainPolicy(
    owner: String,
    domain: String
  ) async throws(RepositoryError) -> ResourcePolicy {
    let region = options.region
    return try await read { snapshot in
      let record = try snapshot.requireDomain(owner: owner, name: domain)
      return ResourcePolicy(
        resource: .domain(domain, owner: owner, region: region),
        record: try snapshot.requirePolicy(of: record)
      )
    }
  }

  /// Gives a domain a policy, in place of the one it may have.
  ///
  /// - Parameters:
  ///   - document: the policy's JSON text.
  ///   - owner: the account that owns the domain.
  ///   - domain: the domain's name.
  ///   - revision: the one that is to be replaced; nil replaces whichever there is.
  /// - Returns: the policy as it is now.
  /// - Throws: ``RepositoryError``: `validation` with the place of the fault for what is no policy,
  ///   `conflict` when another revision stands, `notFound` for the domain.
  package func putDomainPolicy(
    _ document: String,
    owner: String,
    domain: String,
    replacing revision: String? = nil
  ) async throws(RepositoryError) -> ResourcePolicy {
    try Self.checkPolicy(document)
    let (now, region) = (clock.now(), options.region)
    return try await write { transaction in
      let record = try transaction.requireDomain(owner: owner, name: domain)
      try Self.check(revision, against: transaction.policy(of: record.id), of: record)
      return ResourcePolicy(
        resource: .domain(domain, owner: owner, region: region),
        record: try transaction.putPolicy(document, of: record.id, at: now)
      )
    }
  }

  /// Takes a domain's policy away, and returns what it was.
  ///
  /// - Throws: ``RepositoryError``: `notFound` for the domain or its policy, `conflict` when
  ///   another revision stands.
  package func deleteDomainPolicy(
    owner: String,
    domain: String,
    replacing revision: String? = nil
  ) async throws(RepositoryError) -> ResourcePolicy {
    let (now, region) = (clock.now(), options.region)
    return try await write { transaction in
      let record = try transaction.requireDomain(owner: owner, name: domain)
      let policy = try transaction.requirePolicy(of: record)
      try Self.check(revision, against: policy, of: record)
      try transaction.deletePolicy(of: record.id, at: now)
      return ResourcePolicy(
        resource: .domain(domain, owner: owner, region: region),
        record: policy
      )
    }
  }
}

extension Depot {
  /// Returns the policy of a repository.
  ///
  /// - Throws: ``RepositoryError`` with `notFound` for the repository or its policy.
  package func repositoryPolicy(
    _ path: RepositoryPath
  ) async throws(RepositoryError) -> ResourcePolicy {
    let region = options.region
    return try await read { snapshot in
      let (repository, _) = try snapshot.requireRepository(path)
      return ResourcePolicy(
        resource: path.arn(region: region),
        record: try snapshot.requirePolicy(of: repository)
      )
    }
  }

  /// Gives a repository a policy, in place of the one it may have; as
  /// ``putDomainPolicy(_:owner:domain:replacing:)``.
  package func putRepositoryPolicy(
    _ document: String,
    of path: RepositoryPath,
    replacing revision: String? = nil
  ) async throws(RepositoryError) -> ResourcePolicy {
    try Self.checkPolicy(document)
    let (now, region) = (clock.now(), options.region)
    return try await write { transaction in
      let (repository, _) = try transaction.requireRepository(path)
      try Self.check(revision, against: transaction.policy(of: repository.id), of: repository)
      return ResourcePolicy(
        resource: path.arn(region: region),
        record: try transaction.putPolicy(document, of: repository, at: now)
      )
    }
  }

  /// Takes a repository's policy away, and returns what it was; as
  /// ``deleteDomainPolicy(owner:domain:replacing:)``.
  package func deleteRepositoryPolicy(
    _ path: RepositoryPath,
    replacing revision: String? = nil
  ) async throws(RepositoryError) -> ResourcePolicy {
    let (now, region) = (clock.now(), options.region)
    return try await write { transaction in
      let (repository, _) = try transaction.requireRepository(path)
      let policy = try transaction.requirePolicy(of: repository)
      try Self.check(revision, against: policy, of: repository)
      try transaction.deletePolicy(of: repository, at: now)
      return ResourcePolicy(resource: path.arn(region: region), record: policy)
    }
  }
}

extension Depot {
  private static func checkPolicy(_ document: String) throws(RepositoryError) {
    do {
      _ = try PolicyDocument(document, kind: .resource)
    } catch {
      throw RepositoryError(
        .validation,
        error.message,
        reason: .fieldValidationFailed,
        cause: error
      )
    }
  }

  private static func check(
    _ revision: String?,
    against policy: PolicyRecord?,
    of domain: DomainRecord
  ) throws(RepositoryError) {
    try check(revision, against: policy, "domain \(domain.name)", domain.name, .domain)
  }

  private static func check(
    _ revision: String?,
    against policy: PolicyRecord?,
    of repository: RepositoryRecord
  ) throws(RepositoryError) {
    let name = repository.name
    try check(revision, against: policy, "repository \(name)", name, .repository)
  }

  private static func check(
    _ revision: String?,
    against policy: PolicyRecord?,
    _ subject: String,
    _ id: String,
    _ type: RepositoryError.ResourceType
  ) throws(RepositoryError) {
    guard let revision, revision != policy?.revision else { return }
    let current = policy.map { "is at revision \($0.revision)" } ?? "is not there"
    throw RepositoryError(
      .conflict,
      "The policy of \(subject) \(current), not at \(revision); read it again and repeat the "
        + "change.",
      resourceID: id,
      resourceType: type
    )
  }
}

extension CatalogReading {
  fileprivate func requirePolicy(of domain: DomainRecord) throws -> PolicyRecord {
    guard let policy = try policy(of: domain.id) else {
      throw RepositoryError(
        .notFound,
        "Domain \(domain.name) has no permissions policy.",
        resourceID: domain.name,
        resourceType: .domain
      )
    }
    return policy
  }

  fileprivate func requirePolicy(of repository: RepositoryRecord) throws -> PolicyRecord {
    guard let policy = try policy(of: repository.id) else {
      throw RepositoryError(
        .notFound,
        "Repository \(repository.name) has no permissions policy.",
        resourceID: repository.name,
        resourceType: .repository
      )
    }
    return policy
  }
}
