/// Every living repository of one domain and how they point at one another, with all that is said
/// about them together (package groups, tags), read at one moment.
package struct RepositoryGraph: Hashable, Sendable {
  /// A repository and where it looks next.
  package struct Node: Hashable, Sendable {
    package let repository: RepositoryRecord
    /// In priority order.
    package let upstreams: [RepositoryID]
    /// At most one, by rule; a list because the API has one.
    package let externalConnections: [ExternalConnection]
    package let settings: RepositorySettings
  }

  package let domain: DomainRecord
  package let nodes: [RepositoryID: Node]
  package let groups: PackageGroupTree
  /// The tags of everything in the domain that has any.
  package let tags: [TagSubject: [String: String]]

  /// Returns the repository called `name`.
  ///
  /// - Complexity: O(n) in the domain's repositories.
  package func node(named name: String) -> Node? {
    nodes.values.first { $0.repository.name == name }
  }

  /// The repositories that a request to `start` searches, in order: depth-first in priority order,
  /// `start` first, each repository once.
  ///
  /// R→(A→(C, D→(E)), B) is searched R, A, C, D, E, B (CodeArtifact user guide, "Requesting
  /// package versions with multiple upstreams"). The search stops at `limit` repositories: what
  /// lies beyond is as if it did not exist.
  package func searchOrder(of start: RepositoryID, limit: Int) -> [RepositoryID] {
    var order: [RepositoryID] = []
    var seen: Set<RepositoryID> = []
    var pending = [start]
    while let next = pending.popLast(), order.count < limit {
      guard let node = nodes[next], seen.insert(next).inserted else { continue }
      order.append(next)
      pending.append(contentsOf: node.upstreams.reversed())
    }
    return order
  }
}
