internal import Catalog

/// The search for a package through a repository and its upstreams (CodeArtifact user guide,
/// "Requesting package versions with multiple upstreams").
///
/// Depth-first in priority order, each repository once, at most `limit` of them. A repository whose
/// package has `upstream` at BLOCK shows what it holds and nothing that lies behind it
/// ("Package origin controls").
struct ProjectSearch {
  /// Rows are read in pieces of this many, so that no statement runs long.
  private static let batch = 2000

  let coordinates: PackageCoordinates
  let graph: RepositoryGraph
  let limit: Int

  /// Walks from `start`; returns what each place on the way offers.
  func sources(
    from start: RepositoryID,
    in rows: CatalogSnapshot
  ) throws(CatalogError) -> (sources: [ProjectSource], displayName: String?, attributes: [String]) {
    var sources: [ProjectSource] = []
    var displayName: String?
    var attributes: [String] = []
    try walk(from: start, in: rows) { node, package throws(CatalogError) in
      if let package {
        displayName = displayName ?? package.displayName
        attributes.append(package.attributes)
        sources.append(.stored(try releases(of: package, in: rows)))
      }
      guard package?.restrictions.upstream != .block else { return }
      for connection in node.externalConnections where connection.format == coordinates.format {
        sources.append(.external(connection, at: node.repository.id))
      }
    }
    return (sources, displayName, attributes)
  }

  /// Walks from `start`; returns the repositories that hold `version` for downloading.
  func holders(
    of version: String,
    from start: RepositoryID,
    in rows: CatalogSnapshot
  ) throws(CatalogError) -> [RepositoryID] {
    var holders: [RepositoryID] = []
    try walk(from: start, in: rows) { node, package throws(CatalogError) in
      guard let package, let record = try rows.version(version, of: package.id),
        record.status == .published || record.status == .unlisted
      else { return }
      holders.append(node.repository.id)
    }
    return holders
  }

  private func walk(
    from start: RepositoryID,
    in rows: CatalogSnapshot,
    _ visit: (RepositoryGraph.Node, PackageRecord?) throws(CatalogError) -> Void
  ) throws(CatalogError) {
    var seen: Set<RepositoryID> = []
    var pending = [start]
    while let next = pending.popLast(), seen.count < limit {
      guard let node = graph.nodes[next], seen.insert(next).inserted else { continue }
      let package = try rows.package(coordinates, in: next)
      try visit(node, package)
      guard package?.restrictions.upstream != .block else { continue }
      pending.append(contentsOf: node.upstreams.reversed())
    }
  }

  private func releases(
    of package: PackageRecord,
    in rows: CatalogSnapshot
  ) throws(CatalogError) -> [StoredRelease] {
    let assets = Dictionary(grouping: try assets(of: package.id, in: rows), by: \.versionID)
    return try versions(of: package.id, in: rows).map { version in
      StoredRelease(
        repository: package.repositoryID,
        record: version,
        assets: assets[version.id] ?? []
      )
    }
  }

  private func versions(
    of package: PackageID,
    in rows: CatalogSnapshot
  ) throws(CatalogError) -> [VersionRecord] {
    var versions: [VersionRecord] = []
    var position: VersionPosition?
    repeat {
      let page = try rows.versions(of: package, after: position, limit: Self.batch)
      versions += page.items
      position = page.next
    } while position != nil
    return versions
  }

  private func assets(
    of package: PackageID,
    in rows: CatalogSnapshot
  ) throws(CatalogError) -> [AssetRecord] {
    var assets: [AssetRecord] = []
    var position: AssetPosition?
    repeat {
      let page = try rows.assets(ofPackage: package, after: position, limit: Self.batch)
      assets += page.items
      position = page.next
    } while position != nil
    return assets
  }
}
