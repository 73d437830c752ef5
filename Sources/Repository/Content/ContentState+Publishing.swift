internal import BlobEngine
internal import Bytes
internal import Catalog
internal import FormatRules

extension ContentState {
  /// Opens an upload: bytes go to the engine as they come.
  func makeUpload() async throws(RepositoryError) -> AssetUpload {
    do {
      return AssetUpload(writer: try await blobs.makeWriter(), byteLimit: options.assetByteLimit)
    } catch {
      throw RepositoryError(storing: "an uploaded file", failed: error)
    }
  }

  /// Publishes a staged file: one transaction, after the bytes are durable.
  ///
  /// - Throws: `accessDenied` where the package's `publish` control is BLOCK, `conflict` where the
  ///   version can be reached through an upstream, is closed, or has the name with other bytes.
  func publish(
    _ staged: StagedAsset,
    as publication: AssetPublication
  ) async throws(RepositoryError) -> PublishedAsset {
    let start = try await start(at: publication.repository)
    let (coordinates, repository) = (publication.package, start.repository)
    let package = try await reading { rows throws(CatalogError) in
      try rows.package(coordinates, in: repository)
    }
    guard package?.restrictions.publish != .block else {
      throw .publishingBlocked(publication)
    }
    if package?.restrictions.upstream != .block,
      try await isReachableUpstream(publication, from: start, isNew: package == nil)
    {
      throw .reachableUpstream(publication)
    }
    return try await record(staged, publication, from: start)
  }

  private func record(
    _ staged: StagedAsset,
    _ publication: AssetPublication,
    from start: Start
  ) async throws(RepositoryError) -> PublishedAsset {
    let now = clock.now()
    let arrival = VersionArrival(
      staged,
      publication,
      at: now,
      assetLimit: quotas.assetsPerVersion
    )
    let repository = start.repository
    let outcome = try await writing { transaction throws(CatalogError) in
      try transaction.record(arrival, into: [repository], at: now)
    }
    switch outcome {
    case .recorded(let receipts):
      guard let receipt = receipts.first, let asset = receipt.assets.first else {
        throw RepositoryError(.internalFailure, "The catalog recorded no asset.")
      }
      return PublishedAsset(
        version: receipt.version,
        asset: asset.record,
        wasAdded: asset.isNew
      )
    case .conflict(_, let existing): throw .otherBytes(publication, existing)
    case .closed(let status): throw .closed(publication, status)
    case .tooManyAssets(let count): throw .tooManyAssets(publication, count)
    case .repositoryGone:
      throw RepositoryError(
        .notFound,
        "Repository \(publication.repository.repository) was deleted meanwhile.",
        resourceID: publication.repository.repository,
        resourceType: .repository
      )
    }
  }

  /// Whether a version can be had from beyond the repository (CodeArtifact user guide, "Publishing
  /// and upstream repositories").
  ///
  /// An external index that cannot be asked and of which nothing is known does not stand in the
  /// way: during an outage the check may miss. For a name that is new to the repository nobody is
  /// asked, as the first publication closes it to what lies upstream (``Asking/beforePublishing``).
  private func isReachableUpstream(
    _ publication: AssetPublication,
    from start: Start,
    isNew: Bool
  ) async throws(RepositoryError) -> Bool {
    guard publication.package.format == .pypi else {
      return try await isHeldUpstream(publication, from: start)
    }
    let sources = try await sources(of: publication.package, from: start)
    let findings = await findings(
      publication.package.name,
      on: sources.reaches,
      .beforePublishing(isNew: isNew)
    )
    let version = PythonVersion(publication.version)
    for source in sources.sources {
      switch source {
      case .stored(let releases):
        if releases.contains(where: {
          $0.repository != start.repository && $0.isOpen
            && PythonVersion($0.record.version) == version
        }) {
          return true
        }
      case .external(let connection, _):
        let page = findings[connection]?.page
        if page?.files.contains(where: { $0.version == version }) == true { return true }
      }
    }
    return false
  }

  /// As ``isReachableUpstream(_:from:)`` for formats whose versions are compared letter by letter.
  ///
  /// Generic packages are never resolved through upstreams.
  private func isHeldUpstream(
    _ publication: AssetPublication,
    from start: Start
  ) async throws(RepositoryError) -> Bool {
    guard publication.package.format != .generic else { return false }
    let search = ProjectSearch(
      coordinates: publication.package,
      graph: start.map.graph,
      limit: quotas.searchedRepositories
    )
    let (repository, version) = (start.repository, publication.version)
    return try await reading { rows throws(CatalogError) in
      try search.holders(of: version, from: repository, in: rows).contains { $0 != repository }
    }
  }
}

extension VersionArrival {
  fileprivate init(
    _ staged: StagedAsset,
    _ publication: AssetPublication,
    at now: Timestamp,
    assetLimit: Int
  ) {
    self.init(
      package: publication.package,
      displayName: publication.displayName,
      // First published here: from then on nothing from elsewhere (CodeArtifact user guide,
      // "Package origin controls", defaults).
      restrictionsWhenNew: OriginRestrictions(publish: .allow, upstream: .block),
      version: publication.version,
      origin: .published(repository: publication.repository.repository),
      publishedAt: now,
      metadata: publication.metadata,
      assets: [
        Asset(
          name: publication.assetName,
          byteCount: Int64(staged.byteCount),
          digests: staged.digests,
          attachment: publication.attachment,
          uploadedAt: now,
          attributes: publication.attributes
        )
      ]
    )
  }
}
