internal import Catalog
internal import FormatRules

/// One file of a merged project, and where its bytes are.
struct MergedFile: Sendable {
  /// Where the bytes are to be had.
  enum Place: Sendable {
    case stored(StoredRelease, AssetRecord)
    case external
  }

  /// What an external index says of the file.
  struct External: Sendable {
    let connection: ExternalConnection
    /// The repository that has the connection.
    let repository: RepositoryID
    /// As the index has it, with an absolute address.
    let file: SimpleFile
  }

  /// As the merged page has it, with a relative address.
  var listing: SimpleFile
  let version: PythonVersion
  let place: Place
  var external: External?
  /// False for versions that are out of the list and may still be downloaded (`Unlisted`).
  let isListed: Bool
}
