extension CatalogReading {
  /// Returns what is set for a living repository; nil when there is none of this key.
  package func settings(
    of repository: RepositoryID
  ) throws(CatalogError) -> RepositorySettings? {
    try connection.row(RepositoryStatements.settings, [.id(repository)]) {
      row throws(CatalogError) in try row.settings(0)
    }
  }

  /// Returns what is set for those repositories of a domain that anything is set for.
  func settings(
    in domain: DomainID
  ) throws(CatalogError) -> [RepositoryID: RepositorySettings] {
    let rows = try connection.rows(RepositoryStatements.settingsOfDomain, [.id(domain)]) {
      row throws(CatalogError) in
      (id: try row.id(0) as RepositoryID, settings: try row.settings(1))
    }
    return Dictionary(rows.map { ($0.id, $0.settings) }) { first, _ in first }
  }
}

extension ResultRow {
  fileprivate func settings(_ index: Int) throws(CatalogError) -> RepositorySettings {
    guard let settings = try RepositorySettings(json: text(index)) else {
      throw damage(index, "settings of a repository as JSON")
    }
    return settings
  }
}
