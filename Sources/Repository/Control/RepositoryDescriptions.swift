package import Catalog

/// A repository with its domain, as listings show it.
package struct RepositorySummary: Hashable, Sendable {
  package let repository: RepositoryRecord
  package let domain: DomainRecord
}

/// All that there is to say about a repository.
package struct RepositoryDescription: Hashable, Sendable {
  package let repository: RepositoryRecord
  package let domain: DomainRecord
  /// The names of its direct upstreams, in priority order.
  package let upstreams: [String]
  package let externalConnections: [ExternalConnection]
}

extension CatalogReading {
  /// Describes a repository and its domain as they are now, whatever changed since `domain` was
  /// read.
  func describe(
    _ repository: RepositoryRecord,
    in domain: DomainRecord
  ) throws -> RepositoryDescription {
    RepositoryDescription(
      repository: repository,
      domain: try self.domain(domain.id) ?? domain,
      upstreams: try upstreams(of: repository.id).map(\.name),
      externalConnections: try externalConnections(of: repository.id)
    )
  }
}
