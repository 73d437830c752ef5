/// Which packages a listing wants.
package struct PackageFilter: Hashable, Sendable {
  package var format: PackageFormat?
  /// What the namespace begins with; nil for any, with or without one.
  package var namespacePrefix: String?
  /// What the name begins with; nil for any.
  package var namePrefix: String?
  package var publish: OriginControl?
  package var upstream: OriginControl?

  package init(
    format: PackageFormat? = nil,
    namespacePrefix: String? = nil,
    namePrefix: String? = nil,
    publish: OriginControl? = nil,
    upstream: OriginControl? = nil
  ) {
    self.format = format
    self.namespacePrefix = namespacePrefix
    self.namePrefix = namePrefix
    self.publish = publish
    self.upstream = upstream
  }

  /// Whether names alone lead the way, so that the listing follows them instead of namespaces.
  var followsNames: Bool { namespacePrefix == nil && namePrefix != nil }

  /// Whether a package that lies in the range of the listing is wanted.
  func accepts(_ package: PackageRecord) -> Bool {
    let restrictions = package.restrictions
    return (publish.map { $0 == restrictions.publish } ?? true)
      && (upstream.map { $0 == restrictions.upstream } ?? true)
      && (namePrefix.map { Self.begins(package.coordinates.name, with: $0) } ?? true)
  }

  /// Compares bytes, as the database does: to `hasPrefix` an accent is part of its letter.
  private static func begins(_ text: String, with prefix: String) -> Bool {
    text.utf8.starts(with: prefix.utf8)
  }
}

extension CatalogReading {
  /// How many rows a page may read before it stops looking for more that pass its filter.
  private static var scanLimit: Int { 4096 }
  /// How many rows are read at a time when some may not pass.
  private static var chunkSize: Int { 512 }

  /// Returns packages of a repository, by format and then by namespace and name; or by name and
  /// then namespace where the filter wants a prefix of names only.
  ///
  /// Formats, namespaces and names are found by index. What they do not settle (restrictions, a
  /// prefix of names inside a prefix of namespaces) is looked for in at most 4096 rows; then the
  /// page ends, perhaps short, and the next one goes on from there.
  package func packages(
    in repository: RepositoryID,
    _ filter: PackageFilter,
    after position: PackageCoordinates? = nil,
    limit: Int
  ) throws(CatalogError) -> Page<PackageRecord, PackageCoordinates> {
    var found: [PackageRecord] = []
    var last = position
    var budget = max(Self.scanLimit, limit + 1)
    for format in PackageFormat.allCases {
      guard format == filter.format ?? format else { continue }
      // A position says how far its own format has been listed; formats before it are done.
      if let position, format.rawValue < position.format.rawValue { continue }
      var start = position.flatMap { $0.format == format ? $0 : nil }
      while true {
        guard budget > 0 else { return Page(items: found, next: last) }
        let wanted = min(budget, max(limit + 1 - found.count, Self.chunkSize(for: filter)))
        let rows = try packageRange(
          in: repository,
          format: format,
          filter,
          after: start,
          limit: wanted
        )
        for row in rows where filter.accepts(row) {
          found.append(row)
          if found.count > limit { return Page(found, limit: limit, position: \.coordinates) }
        }
        budget -= rows.count
        if let end = rows.last?.coordinates { (start, last) = (end, end) }
        if rows.count < wanted { break }
      }
    }
    return Page(items: found, next: nil)
  }

  /// One where every row passes, so that no page reads more than it shows.
  private static func chunkSize(for filter: PackageFilter) -> Int {
    let isSettledByIndex =
      filter.publish == nil && filter.upstream == nil
      && (filter.namePrefix == nil || filter.followsNames)
    return isSettledByIndex ? 1 : chunkSize
  }

  private func packageRange(
    in repository: RepositoryID,
    format: PackageFormat,
    _ filter: PackageFilter,
    after position: PackageCoordinates?,
    limit: Int
  ) throws(CatalogError) -> [PackageRecord] {
    let scope: [SQLValue] = [.id(repository), .text(format.rawValue)]
    if filter.followsNames {
      let range = PrefixRange(filter.namePrefix ?? "")
      let start: [SQLValue] =
        position.map { [.text($0.name), .text($0.namespace ?? ""), .integer(.max)] }
        ?? [.text(range.lowerBound), .text(""), .integer(0)]
      return try connection.rows(
        PackageStatements.byName,
        scope + start + [.text(range.upperBound), .count(limit)],
        PackageRecord.init
      )
    }
    let range = PrefixRange(filter.namespacePrefix ?? "")
    let start: [SQLValue] =
      position.map { [.text($0.namespace ?? ""), .text($0.name)] }
      ?? [.text(range.lowerBound), .text("")]
    return try connection.rows(
      PackageStatements.byNamespace,
      scope + start + [.text(range.upperBound), .count(limit)],
      PackageRecord.init
    )
  }
}
