/// A package as one repository holds it.
///
/// It may have no versions.
package struct PackageRecord: Hashable, Sendable {
  package let id: PackageID
  package let repositoryID: RepositoryID
  package let coordinates: PackageCoordinates
  /// The spelling its publisher used, where the format normalises names.
  package let displayName: String
  package let restrictions: OriginRestrictions
  package let createdAt: Timestamp
  /// The serial of the last journal row that changed this package.
  package let serial: Int64
  /// What its format keeps of the package as a whole, as a JSON object: npm's tags, for one.
  package let attributes: String
}
