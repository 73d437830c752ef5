package import Catalog
internal import FormatRules

/// Changes of versions that the named repository itself holds.
extension Depot {
  /// Sets the status of versions: `published`, `unlisted` or `archived`.
  ///
  /// A version that has the status already counts as changed, so that a call can be repeated; one
  /// that was disposed of has no other status ever again. The revision stays.
  ///
  /// - Throws: `notFound` when the repository does not hold the package, `validation` for another
  ///   status.
  package func updateStatus(
    of batch: VersionBatch,
    _ coordinates: PackageCoordinates,
    in path: RepositoryPath,
    to status: VersionStatus
  ) async throws(RepositoryError) -> VersionBatch.Result {
    guard [.published, .unlisted, .archived].contains(status) else {
      throw RepositoryError(
        .validation,
        "The status of a version can be set to Published, Unlisted or Archived, not to "
          + "\(status.rawValue).",
        reason: .fieldValidationFailed
      )
    }
    let now = clock.now()
    return try await write { transaction in
      let package = try transaction.requirePackage(coordinates, in: path)
      return try batch.apply(to: package, in: transaction) { record in
        guard record.status == .disposed else { return nil }
        return VersionFailure(
          .notAllowed,
          "Version \(record.version) was disposed of; it can only be deleted"
        )
      } change: { record in
        try transaction.amend(record.id, status: status, metadata: record.metadata, at: now)
          .map { VersionBatch.Result.Success($0) }
      }
    }
  }

  /// Disposes of versions: their assets are gone for good, their records stay.
  ///
  /// A version that was disposed of before counts as changed, so that a call can be repeated.
  ///
  /// - Throws: `notFound` when the repository does not hold the package.
  package func dispose(
    _ batch: VersionBatch,
    of coordinates: PackageCoordinates,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> VersionBatch.Result {
    let now = clock.now()
    return try await write { transaction in
      let package = try transaction.requirePackage(coordinates, in: path)
      return try batch.apply(to: package, in: transaction) { record in
        try transaction.dispose(record.id, at: now).map { .init($0) }
      }
    }
  }

  /// Deletes versions; the package stays, if need be without any.
  ///
  /// Tags that point to a version that is gone go with it: they must not come back with another
  /// version of that name.
  ///
  /// - Throws: `notFound` when the repository does not hold the package.
  package func deleteVersions(
    _ batch: VersionBatch,
    of coordinates: PackageCoordinates,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> VersionBatch.Result {
    let now = clock.now()
    return try await write { transaction in
      let package = try transaction.requirePackage(coordinates, in: path)
      let result = try batch.apply(to: package, in: transaction) { record in
        try transaction.remove(record.id, at: now) ? .init(deleted: record) : nil
      }
      let gone = Set(result.successful.map(\.version))
      let kept = DistTags(package).without(gone)
      try transaction.amend(package.id, attributes: kept.written(into: package), at: now)
      return result
    }
  }

  /// Deletes a package with all its versions and its origin configuration, and returns it as it
  /// was.
  ///
  /// It is gone when this returns; its rows are cleared away in small steps.
  package func deletePackage(
    _ coordinates: PackageCoordinates,
    in path: RepositoryPath
  ) async throws(RepositoryError) -> PackageRecord {
    let now = clock.now()
    let last = try await write { transaction in
      let package = try transaction.requirePackage(coordinates, in: path)
      _ = try transaction.removePackage(package.id, at: now)
      return package
    }
    try await clearDeletedSoon()
    return last
  }
}
