internal import Bytes
internal import Catalog
internal import FormatRules

/// A version and its files as one repository's rows have them.
struct StoredRelease: Sendable {
  let repository: RepositoryID
  let record: VersionRecord
  let assets: [AssetRecord]

  /// Whether package managers may download from it (CodeArtifact, "Package version status").
  var isOpen: Bool { record.status == .published || record.status == .unlisted }

  /// Whether it was published straight into the domain: its files are then its publisher's business
  /// alone, and an index of the same name adds nothing to them.
  var isInternal: Bool { record.origin.type != .external }
}

/// One place that a request looks in, in the order of the search.
enum ProjectSource: Sendable {
  /// What a repository holds.
  case stored([StoredRelease])
  /// What an external connection of a repository offers.
  case external(ExternalConnection, at: RepositoryID)
}

/// All places that a request for a project looks in, as the rows were after `mark` was taken.
///
/// A class, so that a page made from it can tell by identity whether it is still the one.
final class ProjectSources: Sendable {
  let sources: [ProjectSource]
  let mark: Epochs.Mark
  /// The spelling of the name that the first package on the way has.
  let displayName: String?

  /// What the packages on the way keep as a whole, in the order of the search.
  let attributes: [PackageAttributes]
  /// A digest of the way that the search took and, by serials, of what it found.
  let way: SHA256Digest
  /// Whether nobody outside is to hear of the name.
  let isPrivate: Bool
  /// The connections that the search reaches, each once, and on what terms.
  let reaches: [ExternalReach]

  init(_ found: ProjectSearch.Found, in graph: RepositoryGraph, readAfter mark: Epochs.Mark) {
    sources = found.sources
    displayName = found.displayName
    attributes = found.attributes
    way = found.way
    isPrivate = found.isPrivate
    reaches =
      [ExternalReach](
        found.sources.compactMap { source in
          guard case .external(let connection, let place) = source else { return nil }
          return graph.nodes[place].map {
            ExternalReach(connection: connection, terms: ExternalTerms($0))
          }
        }
      ).united
    self.mark = mark
  }

  /// How much memory it takes, counted in files.
  var cost: Int {
    sources.reduce(1) { cost, source in
      guard case .stored(let releases) = source else { return cost }
      return releases.reduce(cost) { $0 + $1.assets.count }
    }
  }

  /// The connections that the search reaches, each once.
  var connections: [ExternalConnection] { reaches.map(\.connection) }

  /// On what terms a connection is reached.
  func reach(of connection: ExternalConnection) -> ExternalReach? {
    reaches.first { $0.connection == connection }
  }
}
