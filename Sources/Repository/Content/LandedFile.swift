internal import Bytes
internal import Catalog

/// An external file that is in the store, verified.
struct LandedFile: Hashable, Sendable {
  let digests: AssetDigests
  let byteCount: UInt64
  let domain: DomainID
  /// The metadata cut out of a wheel.
  let attachment: AttachedBlob?
  /// What that metadata says of the version, as the JSON object that rows keep.
  let metadata: String

  var file: StoredFile {
    StoredFile(key: digests.sha256, byteCount: byteCount, in: domain, digests: digests)
  }
}

/// Where rows are to be written for an external file once it is in the store: the repository that a
/// client talked to and the one that has the connection, nothing between (CodeArtifact user guide,
/// "Package retention from external connections").
struct LandingPlace: Hashable, Sendable {
  let repositories: [RepositoryID]
  let connection: ExternalConnection
  let package: PackageCoordinates
  /// The roads open to the package where it is new.
  let restrictionsWhenNew: OriginRestrictions
  let displayName: String
  let version: String
  let fileName: String
  /// When the file was uploaded to its index; nil when the index does not say.
  let uploadedAt: Timestamp?
  /// What the index says of the file, as a JSON object.
  let attributes: String
  /// What the index says of the version, as a JSON object; what the file itself says goes first.
  var metadata = "{}"
}
