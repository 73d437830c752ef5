package import Bytes
internal import BlobEngine
package import Catalog

extension Depot {
  /// Shows a Python project as `path`'s repository has it: merged with what it reaches.
  ///
  /// - Parameters:
  ///   - project: the normalised name.
  ///   - path: the repository that the client talks to.
  /// - Returns: nil when no place that the repository reaches knows the project.
  /// - Throws: `notFound` when the repository does not exist, `upstreamUnavailable` when nothing is
  ///   known of the project and an external index could not be asked.
  package func projectPage(
    _ project: String,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> ProjectPage? {
    let resolution = try await content.resolve(project, from: content.start(at: path))
    let merged = resolution.merged
    guard merged.isKnown else {
      if let failure = resolution.failure { throw RepositoryError(failure) }
      return nil
    }
    return ProjectPage(page: merged.page, stamp: merged.stamp, staleness: resolution.staleness)
  }

  /// Waits until every file and document that is being fetched now, for a client or ahead of one,
  /// is in the store with its rows, or given up.
  ///
  /// A client has a file as soon as its digest holds: some 20 ms earlier, and the time that rows
  /// wait for others (``ContentOptions/gatherPeriod``).
  package func settle() async {
    await content.errands.settle()
    await content.flights.settle()
    await settleDocuments()
  }

  /// Waits until what has come, and what was written here, is in the store with its rows: the end
  /// of a server has to.
  package func settleDocuments() async {
    await content.tide.hurrying {
      await content.flights.settleVerified()
      await content.records.settle()
      await content.shelf.arrivals.settle()
      await content.kept.settle()
    }
  }

  /// Finds a file of a Python project and, when it is only promised by an external index, begins or
  /// joins its fetch.
  ///
  /// What is found in an upstream is retained in `path`'s repository.
  ///
  /// - Parameters:
  ///   - name: the file's name.
  ///   - project: the normalised name of the project.
  ///   - version: the version that the file must be of, or nil for any.
  ///   - path: the repository that the client talks to.
  /// - Returns: nil when there is no such file.
  /// - Throws: `notFound` when the repository does not exist, `upstreamUnavailable` when the file
  ///   would have to come from outside and cannot.
  package func projectFile(
    _ name: String,
    of project: String,
    version: String?,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> FoundFile? {
    try await content.file(name, of: project, version: version, at: path)
  }

  /// Finds the core metadata that is served beside a wheel (PEP 658), fetching it when need be.
  ///
  /// - Parameters:
  ///   - name: the wheel's file name, without `.metadata`.
  ///   - project: the normalised name of the project.
  ///   - version: the version that the file must be of, or nil for any.
  ///   - path: the repository that the client talks to.
  /// - Returns: nil when none is served beside the file.
  /// - Throws: as ``projectFile(_:of:version:in:)``.
  package func coreMetadata(
    of name: String,
    project: String,
    version: String?,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> StoredFile? {
    try await content.metadata(of: name, project: project, version: version, at: path)
  }

  /// Finds what an external index attests of a file (PEP 740), fetching it when need be.
  ///
  /// - Parameters:
  ///   - name: the file's name.
  ///   - project: the normalised name of the project.
  ///   - version: the version that the file must be of.
  ///   - path: the repository that the client talks to.
  /// - Returns: nil when no index that the repository reaches has any.
  /// - Throws: as ``projectFile(_:of:version:in:)``.
  package func provenance(
    of name: String,
    project: String,
    version: String,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> KeptProvenance? {
    try await content.provenance(of: name, project: project, version: version, at: path)
  }

  /// How large an asset may be, in bytes.
  package var assetByteLimit: UInt64 { content.options.assetByteLimit }

  /// Opens an upload.
  ///
  /// Who may publish was decided before.
  ///
  /// - Parameters:
  ///   - path: the repository it goes to, whose domain's key seals it.
  ///   - byteCount: how many bytes the client has announced, if it has.
  ///   - alsoBLAKE2b: whether the file is hashed with BLAKE2b-256 too, as PyPI's clients do.
  /// - Returns: the upload, which is to be finished or cancelled.
  /// - Throws: `storageFull` when there is no room for as many, before any of them has come.
  package func makeUpload(
    into path: RepositoryPath,
    announcing byteCount: UInt64? = nil,
    alsoBLAKE2b: Bool = false
  ) async throws(RepositoryError) -> AssetUpload {
    try await content.makeUpload(into: path, announcing: byteCount, alsoBLAKE2b: alsoBLAKE2b)
  }

  /// Opens uploads into one repository, for readers of forms.
  package func desk(at path: RepositoryPath) -> UploadDesk { UploadDesk(depot: self, path: path) }

  /// Publishes a staged file of a Python project: visible everywhere, or not at all.
  ///
  /// - Throws: `validation` when name, form and metadata disagree, `accessDenied` where the
  ///   package's `publish` control is BLOCK, `conflict` where the version can be reached through
  ///   an upstream, is archived or disposed of, or has a file of that name with other bytes.
  package func publish(
    _ staged: StagedAsset,
    as upload: ProjectUpload
  ) async throws(RepositoryError) -> PublishedAsset {
    try await content.publish(staged, as: upload)
  }

  /// Publishes a staged file of any format, whose own rules were checked by the caller.
  ///
  /// - Throws: as ``publish(_:as:)-(_,ProjectUpload)``, without `validation`.
  package func publish(
    _ staged: StagedAsset,
    as publication: AssetPublication
  ) async throws(RepositoryError) -> PublishedAsset {
    try await content.publish(staged, as: publication)
  }

  /// Opens a range of a blob in a domain's scope, or among what is nobody's.
  ///
  /// - Parameters:
  ///   - key: the blob's SHA-256.
  ///   - domain: the domain; nil for what is nobody's.
  ///   - range: the part, within the blob.
  /// - Returns: nil when it is not there and cannot be had anew.
  /// - Throws: what the store throws.
  package func chunks(
    of key: SHA256Digest,
    in domain: DomainID?,
    range: Range<UInt64>
  ) async throws(RepositoryError) -> BlobReading? {
    try await BlobReading(of: key, in: domain, range: range, content)
  }

  /// Has a domain's blob anew from where it came, unless somebody failed to a moment ago.
  ///
  /// - Returns: whether it is there again.
  package func restore(_ key: SHA256Digest, in domain: DomainID) async -> Bool {
    await content.restored(key, in: domain)
  }

  /// Returns bytes of a stored blob, `range` or all: for small pieces only, such as an archive's
  /// directory.
  ///
  /// Nil when the blob is not there.
  package func contents(
    of key: SHA256Digest,
    in domain: DomainID? = nil,
    range: Range<UInt64>? = nil
  ) async throws(RepositoryError) -> [UInt8]? {
    try await content.read(key, in: domain) { blobs throws(EngineError) in
      try await blobs.get(key, range: range)
    }
  }
}
