extension CatalogReading {
  /// Returns all package groups of a domain.
  ///
  /// Two statements, however many groups there are.
  /// - Complexity: O(n) in their number, which a quota bounds.
  package func packageGroups(in domain: DomainID) throws(CatalogError) -> PackageGroupTree {
    let lists = try allowedRepositories(in: domain)
    let groups = try connection.rows(PackageGroupStatements.ofDomain, [.id(domain)]) {
      row throws(CatalogError) in try PackageGroupRecord(row, lists)
    }
    return PackageGroupTree(groups)
  }

  private func allowedRepositories(
    in domain: DomainID
  ) throws(CatalogError) -> [AllowedList: Set<RepositoryID>] {
    let rows = try connection.rows(PackageGroupStatements.repositoriesOfDomain, [.id(domain)]) {
      row throws(CatalogError) in
      (
        list: AllowedList(group: try row.id(0), restriction: try row.word(1)),
        repository: try row.id(2) as RepositoryID
      )
    }
    return Dictionary(grouping: rows, by: \.list).mapValues { Set($0.map(\.repository)) }
  }
}

private struct AllowedList: Hashable {
  let group: PackageGroupID
  let restriction: GroupRestriction
}

extension PackageGroupRecord {
  fileprivate init(
    _ row: ResultRow,
    _ lists: [AllowedList: Set<RepositoryID>]
  ) throws(CatalogError) {
    let id: PackageGroupID = try row.id(0)
    let columns: [(GroupRestriction, Int)] = [
      (.publish, 4), (.externalUpstream, 5), (.internalUpstream, 6),
    ]
    var restrictions: [GroupRestriction: Restriction] = [:]
    for (road, column) in columns {
      restrictions[road] = Restriction(
        mode: try row.word(column),
        repositories: lists[AllowedList(group: id, restriction: road)] ?? []
      )
    }
    let text = try row.text(1)
    guard let pattern = try? PackageGroupPattern(reading: text) else {
      throw row.damage(1, "a pattern of packages")
    }
    self.init(
      id: id,
      pattern: pattern,
      contactInfo: try row.textIfPresent(2),
      description: try row.textIfPresent(3),
      createdAt: try row.time(7),
      restrictions: restrictions
    )
  }
}
