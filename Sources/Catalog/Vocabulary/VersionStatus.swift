/// Where a package version stands (CodeArtifact API 2018-09-22, `PackageVersionStatus`).
///
/// `Deleted` of the API is a result of deleting, not a state that a row can be in.
package enum VersionStatus: String, CaseIterable, Sendable {
  case archived = "Archived"
  case disposed = "Disposed"
  case published = "Published"
  case unfinished = "Unfinished"
  case unlisted = "Unlisted"
}

extension VersionStatus {
  /// Whether package managers see nothing of such a version while its record still occupies it.
  package var isWithdrawn: Bool { self == .archived || self == .disposed }
}
