internal import BlobEngine
internal import Bytes
internal import Catalog
internal import FormatRules

extension ContentState {
  /// Publishes a version with its files: one transaction, after the bytes are durable.
  func publish(
    _ publication: VersionPublication
  ) async throws(RepositoryError) -> VersionRecord {
    try publication.package.requireComposed(
      and: [publication.version] + publication.files.map(\.name)
    )
    return try await deciding(on: publication.summary) { basis async throws(RepositoryError) in
      let restrictions = basis.restrictions
      let rules = OriginRules(for: publication.package, in: basis.start.map.graph.groups)
      guard rules.allowsPublishing(into: basis.start.repository, restrictions) else {
        throw .publishingBlocked(publication.summary, restrictions, by: rules)
      }
      let whenNew = rules.restrictionsWhenNew(.published)
      if restrictions?.upstream != .block, !publication.replacesVersion,
        try await self.isReachable(
          publication,
          beyond: basis.start,
          .beforePublishing(under: restrictions, or: whenNew)
        )
      {
        throw .reachableUpstream(publication.summary)
      }
      return try await self.record(publication, whenNew, on: basis)
    }
  }

  /// Whether a version can be had from beyond the repository (CodeArtifact user guide, "Publishing
  /// and upstream repositories"); generic packages are never resolved through upstreams.
  private func isReachable(
    _ publication: VersionPublication,
    beyond start: Start,
    _ asking: Asking
  ) async throws(RepositoryError) -> Bool {
    guard publication.package.format != .generic else { return false }
    let version = publication.version
    let merged = try await merge(version, of: publication.package, from: start, asking)
    guard let places = merged.places[version] else {
      // What is held back is there, and will be seen one day.
      return merged.held[version] != nil
    }
    return places.external != nil || places.stored.contains { $0.repository != start.repository }
  }

  private enum Recording: Sendable {
    case outcome(VersionArrival.Outcome)
    case exists
    /// What it was decided on is no longer so.
    case outdated
  }

  /// Returns nil when the basis no longer holds.
  private func record(
    _ publication: VersionPublication,
    _ restrictionsWhenNew: OriginRestrictions,
    on basis: PublishingBasis
  ) async throws(RepositoryError) -> VersionRecord? {
    let now = clock.now()
    let arrival = VersionArrival(
      publication,
      restrictionsWhenNew,
      at: now,
      assetLimit: quotas.assetsPerVersion
    )
    let repository = basis.start.repository
    let recording = try await writing { transaction throws(CatalogError) -> Recording in
      guard try basis.holds(in: transaction) else { return .outdated }
      if publication.mustBeNew,
        let package = try transaction.package(publication.package, in: repository),
        try transaction.version(publication.version, of: package.id) != nil
      {
        return .exists
      }
      if publication.replacesVersion,
        let package = try transaction.package(publication.package, in: repository),
        let former = try transaction.version(publication.version, of: package.id)
      {
        _ = try transaction.remove(former.id, at: now)
      }
      let outcome = try transaction.record(arrival, into: [repository], at: now)
      if let amend = publication.amend, case .recorded = outcome,
        let package = try transaction.package(publication.package, in: repository)
      {
        let attributes = amend(.stored(package.attributes)).storedText
        try transaction.amend(package.id, attributes: attributes, at: now)
      }
      return .outcome(outcome)
    }
    switch recording {
    case .outcome(.blocked), .outdated: return nil
    case .exists: throw .versionExists(publication)
    case .outcome(let outcome): return try publication.version(of: outcome)
    }
  }
}

extension VersionPublication {
  /// The publication in the terms that errors are written in.
  fileprivate var summary: AssetPublication {
    AssetPublication(
      repository: repository,
      package: package,
      displayName: displayName,
      version: version,
      assetName: files.first?.name ?? ""
    )
  }

  fileprivate func version(
    of outcome: VersionArrival.Outcome
  ) throws(RepositoryError) -> VersionRecord {
    switch outcome {
    case .recorded(let receipts):
      guard let receipt = receipts.first else {
        throw RepositoryError(.internalFailure, "The catalog recorded nothing.")
      }
      return receipt.version
    case .conflict(let asset, let existing):
      var summary = summary
      summary.assetName = asset
      throw .otherBytes(summary, existing)
    case .closed(let status): throw .closed(summary, status)
    case .tooManyAssets(let count): throw .tooManyAssets(summary, count)
    case .repositoryGone, .blocked:
      throw RepositoryError(
        .notFound,
        "Repository \(repository.repository) was deleted meanwhile.",
        resourceID: repository.repository,
        resourceType: .repository
      )
    }
  }
}

extension VersionArrival {
  fileprivate init(
    _ publication: VersionPublication,
    _ restrictionsWhenNew: OriginRestrictions,
    at now: Timestamp,
    assetLimit: Int
  ) {
    self.init(
      package: publication.package,
      displayName: publication.displayName,
      restrictionsWhenNew: restrictionsWhenNew,
      version: publication.version,
      status: publication.status,
      origin: .published(repository: publication.repository.repository),
      publishedAt: now,
      metadata: publication.metadata.storedText,
      assets: publication.files.map { file in
        Asset(
          name: file.name,
          byteCount: Int64(file.staged.byteCount),
          digests: file.staged.digests,
          uploadedAt: now,
          attributes: file.attributes.storedText
        )
      },
      openStatuses: publication.openStatuses,
      assetLimit: assetLimit
    )
  }
}

extension RepositoryError {
  fileprivate static func versionExists(_ publication: VersionPublication) -> RepositoryError {
    RepositoryError(
      .conflict,
      "Version \(publication.version) of \(publication.displayName) is in repository "
        + "\(publication.repository.repository) already; a published version never changes. "
        + "Choose another version.",
      resourceID: publication.version,
      resourceType: .packageVersion
    )
  }
}
