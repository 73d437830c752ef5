internal import Bytes
internal import Catalog
internal import FormatRules

/// A project's page as an external index gave it, read and kept in memory.
final class ExternalPage: Sendable {
  /// What tells a page from every other, and from itself once it has changed.
  struct Identity: Hashable, Sendable {
    let key: ExternalDocumentKey
    let blob: SHA256Digest?
    let fetchedAt: Timestamp
    /// The index's `Last-Modified` (RFC 9110 section 8.8.2), verbatim.
    let lastModified: String?

    init(_ record: ExternalDocumentRecord) {
      key = record.key
      blob = record.blob?.key
      fetchedAt = record.fetchedAt
      lastModified = record.lastModified
    }
  }

  let identity: Identity
  /// Nil when the index does not know the project.
  let page: SimplePage?
  /// The page's files whose names say which version they are of.
  ///
  /// Others, such as installers for one system, no package manager takes.
  let files: [(file: SimpleFile, version: PythonVersion)]

  init(_ identity: Identity, of project: String, page: SimplePage?) {
    self.identity = identity
    self.page = page
    let project = ProjectName(project)
    self.files =
      page?.files.compactMap { file in
        DistributionFileName(file.fileName, project: project).map { (file, $0.version) }
      } ?? []
  }

  /// How much memory it takes, counted in files.
  var cost: Int { 1 + (page?.files.count ?? 0) }
}

/// What is known of a project in an external index, at the moment of asking.
struct ExternalFinding: Sendable {
  /// Nil when nothing is known and the index could not be asked.
  var page: ExternalPage?
  /// How long ago the page was known to be right, when it is older than the settings want.
  var staleness: Duration?
  /// Why the index could not be asked.
  var failure: ExternalFailure?
}
