internal import Catalog

extension Depot {
  /// Lists the packages of a domain, in whichever repository, that belong to a package group: by
  /// format, namespace and name, each once.
  ///
  /// - Parameters:
  ///   - pattern: the group's.
  ///   - isPreview: whether the group need not exist: then those that would belong to it.
  ///   - owner: the domain's.
  ///   - domain: its name.
  ///   - limit: how many at most; a page may be shorter.
  ///   - token: where to go on.
  /// - Returns: the packages, and how each came to the group.
  /// - Throws: ``RepositoryError``: `validation`, `notFound`.
  package func associatedPackages(
    ofGroup pattern: String,
    isPreview: Bool = false,
    owner: String,
    domain: String,
    limit: Int = 100,
    token: String? = nil
  ) async throws(RepositoryError) -> Listing<AssociatedPackage> {
    let pattern = try PackageGroupPattern(given: pattern)
    let graph = try await graph(owner: owner, domain: domain)
    let tree = isPreview ? graph.groups.previewing(pattern) : graph.groups
    let group = try tree.require(pattern, in: graph.domain)
    let scope = ListingScope(
      ["associated-packages", owner, domain, pattern.text, isPreview ? "preview" : ""],
      key: keys.paging
    )
    let start = try token.map { token throws(RepositoryError) in
      try Self.coordinates(scope.position(token, count: 3))
    }
    let walk = PackageWalk(
      repositories: graph.nodes.keys.sorted(),
      format: pattern.format,
      limit: limit
    )
    let page = try await read { rows in
      try walk.page(after: start, in: rows) { package in
        tree.association(of: package).flatMap { found in
          found.group.id == group.id
            ? AssociatedPackage(coordinates: package, type: found.type) : nil
        }
      }
    }
    let next = page.next.map { position in
      scope.token(for: [position.format.rawValue, position.namespace ?? "", position.name])
    }
    return Listing(items: page.items, nextToken: next)
  }
}

extension PackageGroupTree {
  /// The tree as it would be with a group of this pattern.
  fileprivate func previewing(_ pattern: PackageGroupPattern) -> PackageGroupTree {
    guard self[pattern] == nil else { return self }
    return adding(
      PackageGroupRecord(
        id: PackageGroupID(0),
        pattern: pattern,
        createdAt: Timestamp(microseconds: 0),
        restrictions: [:]
      )
    )
  }
}

/// A walk over the packages that some repositories hold, each package once, in order.
private struct PackageWalk {
  /// How many rows a page may read in all before it stops looking for more that are wanted.
  private static let scanLimit = 8192

  let repositories: [RepositoryID]
  /// Nil for all.
  let format: PackageFormat?
  let limit: Int

  /// Returns what `choose` makes of the packages that are wanted.
  ///
  /// Each repository is read some rows ahead; what lies before the last row of all of them is known
  /// completely.
  func page(
    after position: PackageCoordinates?,
    in rows: CatalogSnapshot,
    _ choose: (PackageCoordinates) -> AssociatedPackage?
  ) throws -> (items: [AssociatedPackage], next: PackageCoordinates?) {
    var (found, last, budget) = ([AssociatedPackage](), position, Self.scanLimit)
    let chunk = max(16, min(512, Self.scanLimit / max(1, repositories.count)))
    while budget > 0 {
      var names: Set<PackageCoordinates> = []
      var frontier: PackageCoordinates?
      for repository in repositories {
        let page = try rows.packages(
          in: repository,
          PackageFilter(format: format),
          after: last,
          limit: chunk
        )
        names.formUnion(page.items.map(\.coordinates))
        budget -= page.items.count + 1
        if let end = page.next { frontier = frontier.map { min($0, end) } ?? end }
      }
      for name in names.sorted() where frontier.map({ name <= $0 }) ?? true {
        guard found.count < limit else { return (found, last) }
        if let package = choose(name) { found.append(package) }
        last = name
      }
      guard let frontier else { return (found, nil) }
      last = frontier
    }
    return (found, last)
  }
}
