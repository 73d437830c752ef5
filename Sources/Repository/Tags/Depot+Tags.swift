package import Access
package import Catalog

extension Depot {
  /// Adds tags to a resource, or gives those that it has another value.
  ///
  /// - Throws: ``RepositoryError``: `validation`, `notFound`, `quotaExceeded`.
  package func tag(_ resource: TaggedResource, with tags: [Tag]) async throws(RepositoryError) {
    let quota = options.quotas.tagsPerResource
    let (name, type) = (resource.name, resource.type)
    let tags = try TagRules.checked(tags, quota: quota, of: name, type)
    let now = clock.now()
    try await write { transaction in
      let (subject, domain) = try transaction.require(resource)
      let held = try transaction.tags(of: subject, in: domain)
      guard Set((held + tags).map { Array($0.key.utf8) }).count <= quota else {
        throw RepositoryError.tooManyTags(quota, of: name, type)
      }
      try transaction.putTags(tags, on: subject, in: domain, at: now)
    }
  }

  /// Takes tags from a resource; keys that it does not have are passed over.
  package func untag(_ resource: TaggedResource, _ keys: [String]) async throws(RepositoryError) {
    let now = clock.now()
    try await write { transaction in
      let (subject, domain) = try transaction.require(resource)
      try transaction.removeTags(keys, from: subject, in: domain, at: now)
    }
  }

  /// Lists the tags of a resource, in order of key.
  package func tags(of resource: TaggedResource) async throws(RepositoryError) -> [Tag] {
    try await read { snapshot in
      let (subject, domain) = try snapshot.require(resource)
      return try snapshot.tags(of: subject, in: domain)
    }
  }

  /// The tags of a resource as policies see them (`aws:ResourceTag/…`), from memory: those of a
  /// domain, a repository or a package group, none for anything else and for what is not there.
  ///
  /// Packages have none of their own, and do not take on those of their repository.
  package func tags(of arn: ARN) async throws(RepositoryError) -> [String: String] {
    guard let resource = try? TaggedResource(arn.description, region: options.region),
      let graph = try await content.map(owner: resource.owner, domain: resource.domain)?.graph
    else { return [:] }
    let subject: TagSubject? =
      switch resource.kind {
      case .domain: .domain
      case .repository(let name): graph.node(named: name).map { .repository($0.repository.id) }
      case .packageGroup(let pattern): graph.groups[pattern].map { .packageGroup($0.id) }
      }
    return subject.flatMap { graph.tags[$0] } ?? [:]
  }
}

extension CatalogReading {
  /// Finds what a resource name names.
  fileprivate func require(
    _ resource: TaggedResource
  ) throws -> (subject: TagSubject, domain: DomainID) {
    let domain = try requireDomain(owner: resource.owner, name: resource.domain)
    switch resource.kind {
    case .domain: return (.domain, domain.id)
    case .repository(let name):
      return (.repository(try requireRepository(name, in: domain).id), domain.id)
    case .packageGroup(let pattern):
      let group = try packageGroups(in: domain.id).require(pattern, in: domain)
      return (.packageGroup(group.id), domain.id)
    }
  }
}
