internal import Catalog

/// What may be whose upstream.
struct UpstreamRules {
  let domain: DomainRecord
  /// The repository whose upstreams are to be set; nil for one that is being created.
  let repository: RepositoryRecord?
  /// What the repository is called, or will be.
  let name: String
  let limit: Int

  /// Finds the repositories called `names`, in their order, and makes sure that they may all be
  /// upstreams at once.
  ///
  /// - Throws: ``RepositoryError``: `quotaExceeded` for too many, `validation` for one named twice,
  ///   `notFound` for a stranger, `conflict` for one that already searches this repository, however
  ///   far away, and for a repository with an external connection.
  func resolve(_ names: [String], _ catalog: CatalogTransaction) throws -> [RepositoryID] {
    guard names.count <= limit else {
      throw RepositoryError(
        .quotaExceeded,
        "A repository may have \(limit) direct upstreams, not \(names.count); "
          + "put some behind another repository.",
        resourceID: name,
        resourceType: .repository
      )
    }
    guard Set(names).count == names.count else {
      throw RepositoryError(
        .validation,
        "An upstream is named twice; name each once, in order of priority.",
        resourceID: name,
        resourceType: .repository,
        reason: .fieldValidationFailed
      )
    }
    let upstreams = try names.map { try catalog.requireRepository($0, in: domain).id }
    if let repository, !upstreams.isEmpty {
      try refuseConnection(of: repository, catalog)
      try refuseCycle(from: upstreams, to: repository, catalog)
    }
    return upstreams
  }

  private func refuseConnection(
    of repository: RepositoryRecord,
    _ catalog: CatalogTransaction
  ) throws {
    guard let connection = try catalog.externalConnections(of: repository.id).first else { return }
    throw RepositoryError(
      .conflict,
      "Repository \(repository.name) has the external connection \(connection.rawValue), and may "
        + "have upstreams or a connection, not both; disassociate it first.",
      resourceID: repository.name,
      resourceType: .repository
    )
  }

  /// - Complexity: O(n) in the repositories that `upstreams` search, however long the chain.
  private func refuseCycle(
    from upstreams: [RepositoryID],
    to repository: RepositoryRecord,
    _ catalog: CatalogTransaction
  ) throws {
    var pending = upstreams
    var seen: Set<RepositoryID> = []
    while let next = pending.popLast() {
      guard next != repository.id else {
        throw RepositoryError(
          .conflict,
          "These upstreams would make repository \(repository.name) its own upstream; "
            + "leave out those that search it.",
          resourceID: repository.name,
          resourceType: .repository
        )
      }
      guard seen.insert(next).inserted else { continue }
      pending += try catalog.upstreams(of: next).map(\.id)
    }
  }
}
