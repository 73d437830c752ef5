/// An asset that is a blob, or that a blob was cut out of, and where it stands.
package struct BlobHolder: Hashable, Sendable {
  package let repository: RepositoryRecord
  package let package: PackageRecord
  package let version: VersionRecord
  package let asset: AssetRecord
}
