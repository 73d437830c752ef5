package import Bytes

/// A version, or more assets of one, on its way into one or several repositories: published,
/// ingested from outside, or retained from an upstream.
package struct VersionArrival: Sendable {
  /// A file whose bytes are durable already.
  package struct Asset: Hashable, Sendable {
    package var name: String
    package var byteCount: Int64
    package var digests: AssetDigests
    package var attachment: AttachedBlob?
    package var uploadedAt: Timestamp
    /// A JSON object; see ``AssetRecord/attributes``.
    package var attributes: String

    package init(
      name: String,
      byteCount: Int64,
      digests: AssetDigests,
      attachment: AttachedBlob? = nil,
      uploadedAt: Timestamp,
      attributes: String = "{}"
    ) {
      self.name = name
      self.byteCount = byteCount
      self.digests = digests
      self.attachment = attachment
      self.uploadedAt = uploadedAt
      self.attributes = attributes
    }
  }

  package var package: PackageCoordinates
  package var displayName: String
  /// Whether it comes from a public registry or an upstream repository: packages whose `upstream`
  /// control is BLOCK take no such arrival.
  package var isFromUpstream: Bool
  /// The roads open to the package from now on, where this is its first appearance.
  package var restrictionsWhenNew: OriginRestrictions
  package var version: String
  /// The status it has when new.
  ///
  /// An `unfinished` version becomes `published` by an arrival that is; no other arrival changes
  /// the status of a version that is already there.
  package var status: VersionStatus
  package var origin: VersionOrigin
  package var publishedAt: Timestamp
  /// A JSON object.
  ///
  /// The first arrival with members decides; `{}` leaves what is there.
  package var metadata: String
  package var assets: [Asset]
  /// The statuses in which a version already there takes more assets.
  package var openStatuses: Set<VersionStatus>
  /// How many assets the version may have in all.
  package var assetLimit: Int

  package init(
    package: PackageCoordinates,
    displayName: String,
    isFromUpstream: Bool = false,
    restrictionsWhenNew: OriginRestrictions,
    version: String,
    status: VersionStatus = .published,
    origin: VersionOrigin,
    publishedAt: Timestamp,
    metadata: String = "{}",
    assets: [Asset],
    openStatuses: Set<VersionStatus> = [.published, .unfinished, .unlisted],
    assetLimit: Int = 350
  ) {
    self.package = package
    self.displayName = displayName
    self.isFromUpstream = isFromUpstream
    self.restrictionsWhenNew = restrictionsWhenNew
    self.version = version
    self.status = status
    self.origin = origin
    self.publishedAt = publishedAt
    self.metadata = metadata
    self.assets = assets
    self.openStatuses = openStatuses
    self.assetLimit = assetLimit
  }

  /// What became of an arrival.
  ///
  /// Anything but `recorded` means that nothing was written anywhere.
  package enum Outcome: Sendable {
    /// One receipt for each repository, in the order they were named.
    case recorded([Receipt])
    /// An asset of this name is there with other bytes.
    case conflict(asset: String, existing: SHA256Digest)
    /// The version is there in a status that takes nothing more.
    case closed(VersionStatus)
    /// The version would have more than the permitted number of assets.
    case tooManyAssets(count: Int)
    /// It comes from upstream, and the package in a repository takes nothing from there.
    case blocked(RepositoryID)
    /// A repository to record into is gone.
    case repositoryGone(RepositoryID)
  }

  /// What one repository holds of the version now.
  package struct Receipt: Sendable {
    package let repositoryID: RepositoryID
    package let version: VersionRecord
    /// The arrival's assets as they are stored, in its order, and whether they were not there
    /// before.
    package let assets: [(record: AssetRecord, isNew: Bool)]
  }
}
