package import Catalog

extension Depot {
  /// Creates a package group, which takes all restrictions from the group above it.
  ///
  /// - Throws: ``RepositoryError``: `validation` for a pattern or tags that mean nothing,
  ///   `conflict` when there is one of this pattern, `quotaExceeded`, `notFound`.
  package func createPackageGroup(
    _ pattern: String,
    owner: String,
    domain: String,
    contactInfo: String? = nil,
    description: String? = nil,
    tags: [Tag] = []
  ) async throws(RepositoryError) -> PackageGroupDescription {
    let pattern = try PackageGroupPattern(given: pattern)
    let tags = try TagRules.checked(
      tags,
      quota: options.quotas.tagsPerResource,
      of: pattern.text,
      nil
    )
    let (limit, now) = (options.quotas.packageGroupsPerDomain, clock.now())
    return try await write { transaction in
      let domain = try transaction.requireDomain(owner: owner, name: domain)
      let tree = try transaction.packageGroups(in: domain.id)
      guard tree[pattern] == nil else {
        throw RepositoryError(
          .conflict,
          "Package group already exists. Pattern: \(pattern), domain name: \(domain.name).",
          resourceID: pattern.text
        )
      }
      guard tree.groups.count < limit else {
        throw RepositoryError(
          .quotaExceeded,
          "Domain \(domain.name) has the \(limit) package groups it may have; delete one first.",
          resourceID: domain.name,
          resourceType: .domain
        )
      }
      let id = try transaction.createPackageGroup(
        pattern,
        in: domain.id,
        contactInfo: contactInfo,
        description: description,
        at: now
      )
      try transaction.putTags(tags, on: .packageGroup(id), in: domain.id, at: now)
      return try transaction.describe(pattern, in: domain)
    }
  }

  package func describePackageGroup(
    _ pattern: String,
    owner: String,
    domain: String
  ) async throws(RepositoryError) -> PackageGroupDescription {
    let pattern = try PackageGroupPattern(given: pattern)
    let graph = try await graph(owner: owner, domain: domain)
    let group = try graph.groups.require(pattern, in: graph.domain)
    return PackageGroupDescription(group, in: graph.groups, of: graph.domain)
  }

  /// Changes contact and description of a package group; nil leaves the old one.
  package func updatePackageGroup(
    _ pattern: String,
    owner: String,
    domain: String,
    contactInfo: String? = nil,
    description: String? = nil
  ) async throws(RepositoryError) -> PackageGroupDescription {
    let pattern = try PackageGroupPattern(given: pattern)
    let now = clock.now()
    return try await write { transaction in
      let domain = try transaction.requireDomain(owner: owner, name: domain)
      let group = try transaction.packageGroups(in: domain.id).require(pattern, in: domain)
      try transaction.updatePackageGroup(
        group,
        in: domain.id,
        contactInfo: contactInfo,
        description: description,
        at: now
      )
      return try transaction.describe(pattern, in: domain)
    }
  }

  /// Deletes a package group and returns its last description; its packages belong to the group
  /// that is next, and the groups below it are below its parent.
  ///
  /// - Throws: ``RepositoryError``: `validation` for the root, `notFound`.
  package func deletePackageGroup(
    _ pattern: String,
    owner: String,
    domain: String
  ) async throws(RepositoryError) -> PackageGroupDescription {
    let pattern = try PackageGroupPattern(given: pattern)
    guard pattern != .root else {
      throw RepositoryError(
        .validation,
        "The root package group \(pattern) is part of its domain and cannot be deleted.",
        reason: .other
      )
    }
    let now = clock.now()
    return try await write { transaction in
      let domain = try transaction.requireDomain(owner: owner, name: domain)
      let description = try transaction.describe(pattern, in: domain)
      try transaction.deletePackageGroup(description.group, in: domain.id, at: now)
      return description
    }
  }

  /// Lists the package groups of a domain whose pattern begins with `prefix`, in order of pattern.
  package func listPackageGroups(
    owner: String,
    domain: String,
    prefix: String = "",
    limit: Int = 100,
    token: String? = nil
  ) async throws(RepositoryError) -> Listing<PackageGroupDescription> {
    let graph = try await graph(owner: owner, domain: domain)
    let groups = graph.groups.groups.filter { $0.pattern.text.utf8.starts(with: prefix.utf8) }
    return try page(groups, ["package-groups", owner, domain, prefix], graph, limit, token)
  }

  /// Lists the package groups right below one, in order of pattern.
  package func listSubPackageGroups(
    of pattern: String,
    owner: String,
    domain: String,
    limit: Int = 100,
    token: String? = nil
  ) async throws(RepositoryError) -> Listing<PackageGroupDescription> {
    let pattern = try PackageGroupPattern(given: pattern)
    let graph = try await graph(owner: owner, domain: domain)
    let group = try graph.groups.require(pattern, in: graph.domain)
    let scope = ["sub-package-groups", owner, domain, pattern.text]
    return try page(graph.groups.children(of: group), scope, graph, limit, token)
  }

  /// Returns the package group that a package belongs to, which need not exist anywhere.
  package func associatedPackageGroup(
    of package: PackageCoordinates,
    owner: String,
    domain: String
  ) async throws(RepositoryError) -> (group: PackageGroupDescription, type: GroupAssociation) {
    let graph = try await graph(owner: owner, domain: domain)
    guard let found = graph.groups.association(of: package) else {
      throw RepositoryError(
        .internalFailure,
        "Domain \(domain) has no root package group, which every domain has."
      )
    }
    return (PackageGroupDescription(found.group, in: graph.groups, of: graph.domain), found.type)
  }

  /// Lists the repositories that a package group opens a road to, in order of name.
  package func allowedRepositories(
    of pattern: String,
    for road: GroupRestriction,
    owner: String,
    domain: String,
    limit: Int = 100,
    token: String? = nil
  ) async throws(RepositoryError) -> Listing<String> {
    let pattern = try PackageGroupPattern(given: pattern)
    let graph = try await graph(owner: owner, domain: domain)
    let group = try graph.groups.require(pattern, in: graph.domain)
    let scope = ListingScope(
      ["allowed-repositories", owner, domain, pattern.text, road.rawValue],
      key: keys.paging
    )
    let start = try token.map { token throws(RepositoryError) in
      try scope.position(token, count: 1)[0]
    }
    let names = (group.restrictions[road]?.repositories ?? [])
      .compactMap { graph.nodes[$0]?.repository.name }
      .filter { name in start.map { $0 < name } ?? true }.sorted()
    let shown = Array(names.prefix(limit))
    let next = names.count > limit ? shown.last.map { scope.token(for: [$0]) } : nil
    return Listing(items: shown, nextToken: next)
  }

  private func page(
    _ groups: [PackageGroupRecord],
    _ parameters: [String],
    _ graph: RepositoryGraph,
    _ limit: Int,
    _ token: String?
  ) throws(RepositoryError) -> Listing<PackageGroupDescription> {
    let scope = ListingScope(parameters, key: keys.paging)
    var rest = groups[...]
    if let token {
      let last = try scope.position(token, count: 1)[0]
      rest = rest.drop { !last.utf8.lexicographicallyPrecedes($0.pattern.text.utf8) }
    }
    let shown = rest.prefix(limit)
    let next = rest.count > limit ? shown.last.map { scope.token(for: [$0.pattern.text]) } : nil
    let items = shown.map { PackageGroupDescription($0, in: graph.groups, of: graph.domain) }
    return Listing(items: items, nextToken: next)
  }
}

extension Depot {
  /// Everything that is said of a domain's repositories together, from memory when it can.
  func graph(owner: String, domain: String) async throws(RepositoryError) -> RepositoryGraph {
    guard let map = try await content.map(owner: owner, domain: domain) else {
      throw RepositoryError(
        .notFound,
        "Domain not found. Domain name: \(domain), domain owner: \(owner).",
        resourceID: domain,
        resourceType: .domain
      )
    }
    return map.graph
  }
}

extension CatalogReading {
  /// Describes a package group that must be there.
  func describe(
    _ pattern: PackageGroupPattern,
    in domain: DomainRecord
  ) throws -> PackageGroupDescription {
    let tree = try packageGroups(in: domain.id)
    return PackageGroupDescription(try tree.require(pattern, in: domain), in: tree, of: domain)
  }
}
