extension CatalogReading {
  /// Returns the tags of everything in a domain that has any.
  package func tags(
    in domain: DomainID
  ) throws(CatalogError) -> [TagSubject: [String: String]] {
    let rows = try connection.rows(TagStatements.ofDomain, [.id(domain)]) {
      row throws(CatalogError) in
      (
        subject: try TagSubject(kind: try row.text(0), id: try row.integer(1), row),
        key: try row.text(2), value: try row.text(3)
      )
    }
    return Dictionary(grouping: rows, by: \.subject).mapValues { rows in
      Dictionary(rows.map { ($0.key, $0.value) }) { first, _ in first }
    }
  }

  /// Returns the tags of one thing, in order of key.
  package func tags(
    of subject: TagSubject,
    in domain: DomainID
  ) throws(CatalogError) -> [Tag] {
    try connection.rows(TagStatements.ofResource, [.id(domain)] + subject.values) {
      row throws(CatalogError) in Tag(key: try row.text(0), value: try row.text(1))
    }
  }
}

extension TagSubject {
  /// What statements find it by, beside its domain.
  var values: [SQLValue] {
    switch self {
    case .domain: [.text("domain"), .integer(0)]
    case .repository(let id): [.text("repository"), .id(id)]
    case .packageGroup(let id): [.text("package-group"), .id(id)]
    }
  }

  fileprivate init(kind: String, id: Int64, _ row: ResultRow) throws(CatalogError) {
    switch kind {
    case "domain": self = .domain
    case "repository": self = .repository(RepositoryID(id))
    case "package-group": self = .packageGroup(PackageGroupID(id))
    default: throw row.damage(0, "a kind of resource")
    }
  }
}
