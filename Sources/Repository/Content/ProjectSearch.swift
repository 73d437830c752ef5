internal import Bytes
internal import Catalog
internal import Codec

/// What one repository keeps of a package as a whole.
struct PackageAttributes: Sendable {
  let json: String
  /// How many steps upstream the repository lies of where the search began.
  let depth: Int
}

/// The search for a package through a repository and its upstreams (CodeArtifact user guide,
/// "Requesting package versions with multiple upstreams").
///
/// Depth-first in priority order, each repository once, at most `limit` of them. A repository whose
/// package has `upstream` at BLOCK shows what it holds and nothing that lies behind it
/// ("Package origin controls"). Package groups close the way in the same manner (``OriginRules``):
/// the repository that the client talks to would retain what lies behind it, so it is judged there;
/// a repository with an external connection is judged for what comes through that.
///
/// One thing is stricter here than there. A package with `upstream` at BLOCK that holds nothing
/// from outside is a private name, and no registry is asked for a private name on the way of any
/// search that meets it: neither behind that repository nor beside it. What a repository retained
/// of it is no less private where the package itself is out of the search's way
/// (``PrivateNames``). Who wants a name looked up outside sets its `upstream` control to ALLOW.
struct ProjectSearch {
  /// What a search found, in its order.
  struct Found: Sendable {
    var sources: [ProjectSource] = []
    /// The spelling of the name that the first package on the way has.
    var displayName: String?
    /// What the packages on the way keep as a whole.
    var attributes: [PackageAttributes] = []
    /// Whether the name is a private one, about which nobody outside is asked.
    var isPrivate = false
    /// A digest of the way and, by the serials of the packages on it, of everything that they hold.
    var way = SHA256Stream.digest(of: [UInt8]().span)
  }

  /// Rows are read in pieces of this many, so that no statement runs long.
  private static let batch = 2000

  let coordinates: PackageCoordinates
  let graph: RepositoryGraph
  let limit: Int
  /// How rows may spell the only version looked for, so that a package of very many costs no more;
  /// nil for all versions.
  let spellings: [String]?
  private let rules: OriginRules

  init(
    coordinates: PackageCoordinates,
    spellings: [String]? = nil,
    graph: RepositoryGraph,
    limit: Int
  ) {
    self.coordinates = coordinates
    self.spellings = spellings
    self.graph = graph
    self.limit = limit
    self.rules = OriginRules(for: coordinates, in: graph.groups)
  }

  /// Walks from `start`; returns what each place on the way offers.
  func sources(
    from start: RepositoryID,
    in rows: CatalogSnapshot
  ) throws(CatalogError) -> Found {
    var found = Found()
    var names = PrivateNames()
    var way = FramedDigest()
    try walk(from: start, in: rows) { node, package, depth throws(CatalogError) in
      way.add("\(node.repository.id.rawValue) \(depth)")
      if let package {
        way.add("\(package.id.rawValue) \(package.serial)")
        way.add(package.displayName)
        let releases = try releases(of: package, in: rows)
        found.displayName = found.displayName ?? package.displayName
        found.attributes.append(PackageAttributes(json: package.attributes, depth: depth))
        found.sources.append(.stored(releases))
        if try !holdsOutside(package, releases, in: rows) {
          try names.meet(package, of: node.repository) { () throws(CatalogError) in
            spellings == nil ? releases.map(\.record) : try versions(of: package.id, in: rows)
          }
        }
      }
      guard rules.allowsIngestion(into: node.repository.id, package?.restrictions) else { return }
      for connection in node.externalConnections where connection.format == coordinates.format {
        found.sources.append(.external(connection, at: node.repository.id))
        way.add(connection.rawValue)
      }
    }
    found.isPrivate = names.arePrivate
    way.add(found.isPrivate ? "private" : "")
    found.way = way.digest()
    if found.isPrivate { found.sources.removeAll(where: \.isExternal) }
    return found
  }

  /// Walks from `start`; returns the repositories that hold `version` for downloading.
  func holders(
    of version: String,
    from start: RepositoryID,
    in rows: CatalogSnapshot
  ) throws(CatalogError) -> [RepositoryID] {
    var holders: [RepositoryID] = []
    try walk(from: start, in: rows) { node, package, _ throws(CatalogError) in
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
    _ visit: (RepositoryGraph.Node, PackageRecord?, _ depth: Int) throws(CatalogError) -> Void
  ) throws(CatalogError) {
    var seen: Set<RepositoryID> = []
    var pending = [(start, depth: 0)]
    while let (next, depth) = pending.popLast(), seen.count < limit {
      guard let node = graph.nodes[next], seen.insert(next).inserted else { continue }
      let package = try rows.package(coordinates, in: next)
      try visit(node, package, depth)
      let isOpen =
        next == start
        ? rules.allowsRetention(in: next, package?.restrictions)
        : package?.restrictions.upstream != .block
      guard isOpen else { continue }
      pending.append(contentsOf: node.upstreams.reversed().map { ($0, depth: depth + 1) })
    }
  }

  /// Whether anything of a package ever came from outside; `releases` are those that were read.
  private func holdsOutside(
    _ package: PackageRecord,
    _ releases: [StoredRelease],
    in rows: CatalogSnapshot
  ) throws(CatalogError) -> Bool {
    if releases.contains(where: { $0.record.origin.type == .external }) { return true }
    guard spellings != nil else { return false }
    return try !rows.versions(of: package.id, VersionFilter(origin: .external), limit: 1)
      .items.isEmpty
  }

  private func releases(
    of package: PackageRecord,
    in rows: CatalogSnapshot
  ) throws(CatalogError) -> [StoredRelease] {
    if let spellings {
      return try releases(spelled: spellings, of: package, in: rows)
    }
    let assets = Dictionary(grouping: try assets(of: package.id, in: rows), by: \.versionID)
    return try versions(of: package.id, in: rows).map { version in
      StoredRelease(
        repository: package.repositoryID,
        record: version,
        assets: assets[version.id] ?? []
      )
    }
  }

  private func releases(
    spelled spellings: [String],
    of package: PackageRecord,
    in rows: CatalogSnapshot
  ) throws(CatalogError) -> [StoredRelease] {
    var releases: [StoredRelease] = []
    for spelling in spellings {
      guard let record = try rows.version(spelling, of: package.id) else { continue }
      let assets = try rows.assets(of: record.id, limit: .max - 1).items
      releases.append(
        StoredRelease(repository: package.repositoryID, record: record, assets: assets)
      )
    }
    return releases
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

extension ProjectSource {
  fileprivate var isExternal: Bool {
    if case .external = self { true } else { false }
  }
}
