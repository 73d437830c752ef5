/// A version of a package as one repository holds it.
package struct VersionRecord: Hashable, Sendable {
  package let id: VersionID
  package let packageID: PackageID
  /// The version in the normalised spelling of its format.
  package let version: String
  /// The package's name as this version spells it.
  package let displayName: String
  package let status: VersionStatus
  /// An opaque text that changes whenever assets or metadata do.
  package let revision: String
  package let origin: VersionOrigin
  package let publishedAt: Timestamp
  /// What was read from the package's own metadata, as a JSON object: summary, home page,
  /// licences….
  package let metadata: String
}
