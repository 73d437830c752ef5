internal import BlobEngine
internal import Bytes
internal import Catalog
internal import FormatRules

extension ContentState {
  /// Opens an upload: bytes go to the engine as they come, sealed for the repository's domain.
  ///
  /// Where the client has not said how many, there has to be room for one.
  func makeUpload(
    into path: RepositoryPath,
    announcing byteCount: UInt64?,
    alsoBLAKE2b: Bool
  ) async throws(RepositoryError) -> AssetUpload {
    let domain = try await start(at: path).map.id
    let blobs = try await scopes.scope(of: domain)
    do throws(EngineError) {
      guard options.hasRoomForRows() else { throw .storageFull }
      let digests: DigestKinds = alsoBLAKE2b ? [.ofAssets, .blake2b256] : .ofAssets
      return AssetUpload(
        writer: try await blobs.makeWriter(byteCount: byteCount ?? 1, digests: digests),
        byteLimit: options.assetByteLimit,
        domain: domain
      )
    } catch {
      throw RepositoryError(storing: "an uploaded file", failed: error)
    }
  }

  /// Publishes a staged file: one transaction, after the bytes are durable.
  ///
  /// - Throws: `accessDenied` where the package takes no publishing (``OriginRules``), `conflict`
  ///   where the version can be reached through an upstream, is closed, or has the name with other
  ///   bytes.
  func publish(
    _ staged: StagedAsset,
    as publication: AssetPublication
  ) async throws(RepositoryError) -> PublishedAsset {
    try publication.package.requireComposed(and: [publication.version, publication.assetName])
    return try await deciding(on: publication) { basis async throws(RepositoryError) in
      let restrictions = basis.restrictions
      let rules = OriginRules(for: publication.package, in: basis.start.map.graph.groups)
      guard rules.allowsPublishing(into: basis.start.repository, restrictions) else {
        throw .publishingBlocked(publication, restrictions, by: rules)
      }
      let whenNew = rules.restrictionsWhenNew(.published)
      if restrictions?.upstream != .block,
        try await self.isReachableUpstream(
          publication,
          from: basis.start,
          .beforePublishing(under: restrictions, or: whenNew)
        )
      {
        throw .reachableUpstream(publication)
      }
      return try await self.record(staged, publication, whenNew, on: basis)
    }
  }

  /// Returns nil when the basis no longer holds.
  private func record(
    _ staged: StagedAsset,
    _ publication: AssetPublication,
    _ restrictionsWhenNew: OriginRestrictions,
    on basis: PublishingBasis
  ) async throws(RepositoryError) -> PublishedAsset? {
    let now = clock.now()
    let arrival = VersionArrival(
      staged,
      publication,
      restrictionsWhenNew,
      at: now,
      assetLimit: quotas.assetsPerVersion
    )
    let recorded = try await writing { transaction throws(CatalogError) in
      try basis.holds(in: transaction)
        ? try transaction.record(arrival, into: [basis.start.repository], at: now) : nil
    }
    guard let outcome = recorded else { return nil }
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
    case .blocked: return nil
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
  /// way: during an outage the check may miss. Nobody is asked for a name that the first
  /// publication closes to what lies upstream (``Asking/beforePublishing(under:or:)``).
  private func isReachableUpstream(
    _ publication: AssetPublication,
    from start: Start,
    _ asking: Asking
  ) async throws(RepositoryError) -> Bool {
    guard publication.package.format == .pypi else {
      return try await isHeldUpstream(publication, from: start)
    }
    let version = PythonVersion(publication.version)
    let search = ProjectSearch(
      coordinates: publication.package,
      spellings: version.normalizedSpellings,
      graph: start.map.graph,
      limit: quotas.searchedRepositories
    )
    let (repository, mark) = (start.repository, routes.mark(start.map, publication.package.route))
    let sources = try await reading { rows throws(CatalogError) in
      let found = try search.sources(from: repository, in: rows)
      return ProjectSources(found, in: search.graph, readAfter: mark)
    }
    let findings = await findings(
      publication.package.name,
      on: sources.reaches,
      asking
    )
    for source in sources.sources {
      switch source {
      case .stored(let releases):
        if releases.contains(where: {
          $0.repository != repository && $0.isOpen
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

  /// As ``isReachableUpstream(_:from:_:)`` for formats whose versions are compared letter by
  /// letter.
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
    _ restrictionsWhenNew: OriginRestrictions,
    at now: Timestamp,
    assetLimit: Int
  ) {
    self.init(
      package: publication.package,
      displayName: publication.displayName,
      restrictionsWhenNew: restrictionsWhenNew,
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
