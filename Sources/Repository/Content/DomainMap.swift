internal import Catalog

/// One domain's repositories as requests look them up: by name, without SQL.
final class DomainMap: Sendable {
  let graph: RepositoryGraph
  /// What was current before the graph was read: whatever is derived with this map's help is no
  /// newer than that.
  let mark: Epochs.Mark
  private let byName: [String: RepositoryGraph.Node]

  init(_ graph: RepositoryGraph, readAfter mark: Epochs.Mark) {
    self.graph = graph
    self.mark = mark
    self.byName = Dictionary(
      graph.nodes.values.map { ($0.repository.name, $0) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  var id: DomainID { graph.domain.id }

  subscript(name: String) -> RepositoryGraph.Node? { byName[name] }
}
