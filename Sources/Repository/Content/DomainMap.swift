internal import Catalog

/// One domain's repositories as requests look them up: by name, without SQL.
final class DomainMap: Sendable {
  let graph: RepositoryGraph
  private let byName: [String: RepositoryGraph.Node]

  init(_ graph: RepositoryGraph) {
    self.graph = graph
    self.byName = Dictionary(
      graph.nodes.values.map { ($0.repository.name, $0) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  var id: DomainID { graph.domain.id }

  subscript(name: String) -> RepositoryGraph.Node? { byName[name] }
}
