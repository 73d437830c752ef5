package import Catalog
package import FormatRules

/// A version on its way in, with all the files that come with it: visible as a whole or not at all.
package struct VersionPublication: Sendable {
  /// A file whose bytes are staged already.
  package struct File: Sendable {
    package var name: String
    package var staged: StagedAsset
    /// What the format keeps of the file, as a JSON object (``AssetRecord/attributes``).
    package var attributes: JSONValue

    package init(
      name: String,
      staged: StagedAsset,
      attributes: JSONValue = .object([])
    ) {
      self.name = name
      self.staged = staged
      self.attributes = attributes
    }
  }

  package var repository: RepositoryPath
  /// The package, in the normalised spelling of its format.
  package var package: PackageCoordinates
  /// The package's name as its publisher spells it.
  package var displayName: String
  package var version: String
  /// `unfinished` takes more files and stays invisible until an arrival says `published`.
  package var status: VersionStatus
  /// What the format says of the version (``ListedVersion/metadata``).
  package var metadata: JSONValue
  package var files: [File]
  /// Whether a version that is there already is a conflict even where all files are the same.
  package var mustBeNew: Bool
  /// Whether the version, where it is there already, gives way to this one as a whole: for versions
  /// that are aliases, such as Maven's `-SNAPSHOT`.
  ///
  /// Several repositories may each have one of their own.
  package var replacesVersion = false
  /// The statuses in which a version that is there already takes more files.
  package var openStatuses: Set<VersionStatus> = [.published, .unfinished, .unlisted]
  /// Changes what belongs to the package as a whole, in the same transaction.
  package var amend: (@Sendable (JSONValue) -> JSONValue)?

  package init(
    repository: RepositoryPath,
    package: PackageCoordinates,
    displayName: String,
    version: String,
    status: VersionStatus = .published,
    metadata: JSONValue = .object([]),
    files: [File],
    mustBeNew: Bool = false,
    amend: (@Sendable (JSONValue) -> JSONValue)? = nil
  ) {
    self.repository = repository
    self.package = package
    self.displayName = displayName
    self.version = version
    self.status = status
    self.metadata = metadata
    self.files = files
    self.mustBeNew = mustBeNew
    self.amend = amend
  }
}
