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
        try merged(filter, by: Self.precedesByName) { kind throws(CatalogError) in
          try connection.rows(
            VersionStatements.pageOfKind,
            [.id(package)] + kind + [.text(position?.version ?? ""), .count(limit + 1)],
            VersionRecord.init
          )
        }
      case .newestFirst:
        try merged(filter, by: Self.precedesByTime) { kind throws(CatalogError) in
          try connection.rows(
            VersionStatements.newestOfKind,
            [.id(package)] + kind
              + [
                .integer(position?.publishedAt.microseconds ?? .max),
                .text(position?.version ?? ""), .count(limit + 1),
              ],
            VersionRecord.init
          )
        }
      }
    return Page(rows, limit: limit) {
      VersionPosition(publishedAt: $0.publishedAt, version: $0.version)
    }
  }

  /// Joins the ranges of every pair of status and origin that passes into one in order.
  private func merged(
    _ filter: VersionFilter,
    by precedes: (VersionRecord, VersionRecord) -> Bool,
    _ range: ([SQLValue]) throws(CatalogError) -> [VersionRecord]
  ) throws(CatalogError) -> [VersionRecord] {
    var all: [VersionRecord] = []
    for status in VersionStatus.allCases where status == filter.status ?? status {
      for origin in OriginType.allCases where origin == filter.origin ?? origin {
        all += try range([.text(status.rawValue), .text(origin.rawValue)])
      }
    }
    return all.sorted(by: precedes)
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
