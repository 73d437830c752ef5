/// The key of one row, typed by the record that the row holds so that two kinds cannot be mixed up.
///
/// Keys are never given out twice, not even after the row is gone: a cache that still holds one
/// finds nothing rather than a stranger.
package struct Identifier<Record>: Hashable, Comparable, Sendable {
  package let rawValue: Int64

  package init(_ rawValue: Int64) {
    self.rawValue = rawValue
  }

  package static func < (left: Identifier, right: Identifier) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// The key of a domain.
package typealias DomainID = Identifier<DomainRecord>
/// The key of a repository.
package typealias RepositoryID = Identifier<RepositoryRecord>
/// The key of a package in one repository.
package typealias PackageID = Identifier<PackageRecord>
/// The key of a package version in one repository.
package typealias VersionID = Identifier<VersionRecord>
/// The key of an asset of a version.
package typealias AssetID = Identifier<AssetRecord>
/// The key of a principal.
package typealias PrincipalID = Identifier<PrincipalRecord>
/// The key of a package group of a domain.
package typealias PackageGroupID = Identifier<PackageGroupRecord>
