extension CatalogReading {
  /// Returns the version of a package with exactly this version text.
  package func version(
    _ version: String,
    of package: PackageID
  ) throws(CatalogError) -> VersionRecord? {
    try connection.row(
      VersionStatements.byName,
      [.id(package), .text(version)],
      VersionRecord.init
    )
  }

  /// Returns a version.
  package func version(_ id: VersionID) throws(CatalogError) -> VersionRecord? {
    try connection.row(VersionStatements.byID, [.id(id)], VersionRecord.init)
  }

  /// Returns the published version that came last, by time of publishing; nil when none is
  /// published.
  package func newestPublished(of package: PackageID) throws(CatalogError) -> VersionRecord? {
    let filter = VersionFilter(status: .published)
    return try versions(of: package, filter, order: .newestFirst, limit: 1).items.first
  }

  /// Returns versions of a package.
  ///
  /// - Complexity: O(limit) rows for each pair of status and origin that the filter passes, of
  ///   which there are at most fifteen, however many versions the package has.
  package func versions(
    of package: PackageID,
    _ filter: VersionFilter = VersionFilter(),
    order: VersionOrder = .name,
    after position: VersionPosition? = nil,
    limit: Int
  ) throws(CatalogError) -> Page<VersionRecord, VersionPosition> {
    let rows =
      switch order {
      case .name where filter.isOpen:
        try connection.rows(
          VersionStatements.page,
          [.id(package), .text(position?.version ?? ""), .count(limit + 1)],
          VersionRecord.init
        )
      case .name:
        try merged(filter, limit: limit + 1, by: Self.precedesByName, after: position) {
          kind,
          position,
          count throws(CatalogError) in
          try connection.rows(
            VersionStatements.pageOfKind,
            [.id(package)] + kind + [.text(position?.version ?? ""), .count(count)],
            VersionRecord.init
          )
        }
      case .newestFirst:
        try merged(filter, limit: limit + 1, by: Self.precedesByTime, after: position) {
          kind,
          position,
          count throws(CatalogError) in
          try connection.rows(
            VersionStatements.newestOfKind,
            [.id(package)] + kind
              + [
                .integer(position?.publishedAt.microseconds ?? .max),
                .text(position?.version ?? ""), .count(count),
              ],
            VersionRecord.init
          )
        }
      }
    return Page(rows, limit: limit) {
      VersionPosition(publishedAt: $0.publishedAt, version: $0.version)
    }
  }

  /// Joins the ranges of every pair of status and origin that passes into one in order, and returns
  /// the first `limit` of it.
  ///
  /// Each range is read in pieces, so that a page costs little more than its own rows, however many
  /// ranges it is merged from.
  private func merged(
    _ filter: VersionFilter,
    limit: Int,
    by precedes: (VersionRecord, VersionRecord) -> Bool,
    after position: VersionPosition?,
    _ range: ([SQLValue], VersionPosition?, Int) throws(CatalogError) -> [VersionRecord]
  ) throws(CatalogError) -> [VersionRecord] {
    let kinds = filter.kinds
    let piece = max(8, limit / kinds.count + 1)
    var ranges: [VersionRange] = []
    for kind in kinds {
      let wanted = kinds.count == 1 ? limit : piece
      ranges.append(VersionRange(kind, try range(kind, position, wanted), isLastBelow: wanted))
    }
    var all: [VersionRecord] = []
    while all.count < limit {
      let heads = ranges.indices.filter { !ranges[$0].isEmpty }
      let first = heads.min { precedes(ranges[$0].head, ranges[$1].head) }
      guard let first else { break }
      all.append(ranges[first].head)
      ranges[first].advance()
      guard let next = ranges[first].successor, all.count < limit else { continue }
      let rows = try range(ranges[first].kind, next, piece)
      ranges[first] = VersionRange(ranges[first].kind, rows, isLastBelow: piece)
    }
    return all
  }

  /// Orders by bytes, as the database does.
  private static func precedesByName(_ left: VersionRecord, _ right: VersionRecord) -> Bool {
    left.version.utf8.lexicographicallyPrecedes(right.version.utf8)
  }

  private static func precedesByTime(_ left: VersionRecord, _ right: VersionRecord) -> Bool {
    guard left.publishedAt == right.publishedAt else {
      return right.publishedAt < left.publishedAt
    }
    return precedesByName(right, left)
  }
}

/// Which versions a listing wants; nil passes any.
package struct VersionFilter: Hashable, Sendable {
  package var status: VersionStatus?
  package var origin: OriginType?

  package init(status: VersionStatus? = nil, origin: OriginType? = nil) {
    self.status = status
    self.origin = origin
  }

  var isOpen: Bool { status == nil && origin == nil }

  /// The pairs of status and origin that pass.
  var kinds: [[SQLValue]] {
    VersionStatus.allCases.filter { $0 == status ?? $0 }.flatMap { status in
      OriginType.allCases.filter { $0 == origin ?? $0 }.map { origin in
        [.text(status.rawValue), .text(origin.rawValue)]
      }
    }
  }
}

/// The rows of one kind that were read ahead of a merge.
private struct VersionRange {
  let kind: [SQLValue]
  private let rows: [VersionRecord]
  private let mayGoOn: Bool
  private var index = 0

  /// Rows fewer than were asked for are the last of their kind.
  init(_ kind: [SQLValue], _ rows: [VersionRecord], isLastBelow wanted: Int) {
    self.kind = kind
    self.rows = rows
    self.mayGoOn = rows.count == wanted
  }

  var isEmpty: Bool { index >= rows.count }
  var head: VersionRecord { rows[index] }

  mutating func advance() { index += 1 }

  /// Where to read on, once all rows are taken and there may be more.
  var successor: VersionPosition? {
    guard isEmpty, mayGoOn else { return nil }
    return rows.last.map { VersionPosition(publishedAt: $0.publishedAt, version: $0.version) }
  }
}

/// The order of a listing of versions.
package enum VersionOrder: Hashable, Sendable {
  /// By the bytes of the version text.
  case name
  /// By time of publishing, and where that is the same by version text, both falling.
  case newestFirst
}

/// Where a listing of versions stands; good for both orders.
package struct VersionPosition: Hashable, Sendable {
  package let publishedAt: Timestamp
  package let version: String

  package init(publishedAt: Timestamp, version: String) {
    self.publishedAt = publishedAt
    self.version = version
  }
}

extension VersionRecord {
  init(_ row: ResultRow) throws(CatalogError) {
    self.id = try row.id(0)
    self.packageID = try row.id(1)
    self.version = try row.text(2)
    self.displayName = try row.text(3)
    self.status = try row.word(4)
    self.revision = try row.text(5)
    self.origin = try VersionOrigin(type: row.word(6), name: row.textIfPresent(7), row)
    self.publishedAt = try row.time(8)
    self.metadata = try row.text(9)
  }
}

extension VersionOrigin {
  /// The name of the repository or connection that it came through.
  var name: String? {
    switch self {
    case .published(let name), .ingested(let name): name
    case .unknown: nil
    }
  }

  fileprivate init(type: OriginType, name: String?, _ row: ResultRow) throws(CatalogError) {
    switch (type, name) {
    case (.internal, let name?): self = .published(repository: name)
    case (.external, let name?): self = .ingested(externalConnection: name)
    case (.unknown, _): self = .unknown
    default: throw row.damage(7, "the name that its kind of origin has")
    }
  }
}
