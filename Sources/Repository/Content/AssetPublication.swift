package import Catalog

/// Where a staged file is to be published, and what is known about it.
package struct AssetPublication: Sendable {
  package var repository: RepositoryPath
  /// The package, in the normalised spelling of its format.
  package var package: PackageCoordinates
  /// The package's name as its publisher spells it.
  package var displayName: String
  package var version: String
  package var assetName: String
  /// What the format keeps of the version, as a JSON object (``VersionRecord/metadata``).
  package var metadata: String
  /// What the format keeps of the file, as a JSON object (``AssetRecord/attributes``).
  package var attributes: String
  /// A file cut out of the asset, its bytes already durable.
  package var attachment: AttachedBlob?

  package init(
    repository: RepositoryPath,
    package: PackageCoordinates,
    displayName: String,
    version: String,
    assetName: String,
    metadata: String = "{}",
    attributes: String = "{}",
    attachment: AttachedBlob? = nil
  ) {
    self.repository = repository
    self.package = package
    self.displayName = displayName
    self.version = version
    self.assetName = assetName
    self.metadata = metadata
    self.attributes = attributes
    self.attachment = attachment
  }
}

/// What became of a publication.
package struct PublishedAsset: Hashable, Sendable {
  package let version: VersionRecord
  package let asset: AssetRecord
  /// False when the very same bytes were there under this name already.
  package let wasAdded: Bool
}
