internal import Catalog

/// The versions of one package that a call is about, and what each must be for the call to go on.
///
/// All or nothing: where one version fails, none is changed, and those that would have passed are
/// reported as skipped (CodeArtifact API 2018-09-22, `CopyPackageVersions` and its likes).
package struct VersionBatch: Hashable, Sendable {
  /// In the normalised spelling of their format, each once.
  package let versions: [String]
  /// The revisions that versions must have; those that are not named may have any.
  package let revisions: [String: String]
  /// The status that all of them must have; nil for any.
  ///
  /// A text, since the API has a status that no version is ever in (`Deleted`).
  package let expectedStatus: String?

  package init(
    _ versions: [String],
    revisions: [String: String] = [:],
    expectedStatus: String? = nil
  ) {
    // By their bytes: to `==`, an accent is part of its letter, and rows tell the two apart.
    var seen: Set<[UInt8]> = []
    self.versions = versions.filter { seen.insert(Array($0.utf8)).inserted }
    self.revisions = revisions
    self.expectedStatus = expectedStatus
  }

  /// What became of each version.
  package struct Result: Sendable {
    package struct Success: Hashable, Sendable {
      package let version: String
      package let revision: String
      /// `Deleted` for a version that is gone.
      package let status: String
    }

    /// In the order of the call; a version that needed no change may be in neither list.
    package var successful: [Success] = []
    package var failed: [(version: String, failure: VersionFailure)] = []
  }

  /// Returns why `record` cannot be what the call expects; nil when it is.
  func mismatch(of record: VersionRecord) -> VersionFailure? {
    if let expectedStatus, record.status.rawValue != expectedStatus {
      return .mismatchedStatus(current: record.status.rawValue, expected: expectedStatus)
    }
    if let revision = revisions[record.version], record.revision != revision {
      return .mismatchedRevision(current: record.revision, expected: revision)
    }
    return nil
  }

  /// Judges every version first and changes them only when none fails.
  ///
  /// - Parameters:
  ///   - find: the version's row; nil when there is none.
  ///   - obstacle: what else stands in the way of a version; nil for nothing.
  ///   - change: makes the change; nil leaves the version out of the result.
  /// - Returns: what became of each.
  /// - Throws: what the closures throw; then nothing may be kept.
  func apply(
    find: (String) throws -> VersionRecord?,
    obstacle: (VersionRecord) throws -> VersionFailure?,
    change: (VersionRecord) throws -> Result.Success?
  ) throws -> Result {
    var found: [VersionRecord] = []
    var failures: [VersionFailure?] = []
    for version in versions {
      guard let record = try find(version) else {
        failures.append(.notFound(version))
        continue
      }
      found.append(record)
      failures.append(try mismatch(of: record) ?? obstacle(record))
    }
    var result = Result()
    guard failures.allSatisfy({ $0 == nil }) else {
      result.failed = zip(versions, failures).map { ($0, $1 ?? .skipped($0)) }
      return result
    }
    result.successful = try found.compactMap(change)
    return result
  }

  /// Judges and changes versions that `package` itself has; an obstacle is what stands in the way
  /// of one beside the call's own conditions.
  func apply(
    to package: PackageRecord,
    in transaction: CatalogTransaction,
    obstacle: (VersionRecord) -> VersionFailure? = { _ in nil },
    change: (VersionRecord) throws -> Result.Success?
  ) throws -> Result {
    try apply(
      find: { try transaction.version($0, of: package.id) },
      obstacle: obstacle,
      change: change
    )
  }
}

extension VersionBatch.Result.Success {
  init(_ record: VersionRecord) {
    self.init(
      version: record.version,
      revision: record.revision,
      status: record.status.rawValue
    )
  }

  /// A version that was as `record` says and is gone.
  init(deleted record: VersionRecord) {
    self.init(version: record.version, revision: record.revision, status: "Deleted")
  }
}
